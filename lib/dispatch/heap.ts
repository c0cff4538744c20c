/** What the heap needs of an element: the heap keeps its place here (-1: in no heap). */
export interface HeapItem {
  heapIndex: number;
}

/**
 * Binary heap that can also move and remove elements inside it, all in O(log n).
 * An element may be in one heap at a time.
 */
export class IndexedHeap<Item extends HeapItem> {
  readonly #items: Item[] = [];
  readonly #before: (a: Item, b: Item) => boolean;

  /** `before(a, b)`: true when `a` must leave the heap ahead of `b`. */
  constructor(before: (a: Item, b: Item) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The element that leaves next, still inside. */
  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    this.#place(item, this.#items.length);
    this.#rise(item);
  }

  pop(): Item | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes out an element that is inside. */
  remove(item: Item): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#place(last, index);
    this.update(last);
  }

  /** Restores the order after the rank of an element inside has changed. */
  update(item: Item): void {
    this.#rise(item);
    this.#sink(item);
  }

  #place(item: Item, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #rise(item: Item): void {
    for (;;) {
      const index = item.heapIndex;
      const parent = index === 0 ? undefined : this.#items[(index - 1) >> 1];
      if (parent === undefined || !this.#before(item, parent)) return;
      this.#swap(item, parent);
    }
  }

  #sink(item: Item): void {
    for (;;) {
      const child = this.#firstChild(item.heapIndex);
      if (child === undefined || !this.#before(child, item)) return;
      this.#swap(child, item);
    }
  }

  #firstChild(index: number): Item | undefined {
    const left = this.#items[2 * index + 1];
    const right = this.#items[2 * index + 2];
    if (left === undefined || right === undefined) return left;
    return this.#before(right, left) ? right : left;
  }

  #swap(a: Item, b: Item): void {
    const index = a.heapIndex;
    this.#place(a, b.heapIndex);
    this.#place(b, index);
  }
}
