/**
 * The program that a session runs in a node: Perl, since every Debian-like image has perl-base and
 * nothing else there can send an announcement or listen to netlink. It holds no knowledge of rules:
 * it runs blocks of steps, writes files, announces addresses, and tells what somebody else changed.
 *
 * Input:  `block <id> <steps>` then for each step `<verb> <bytes>` and its payload, then an empty line
 * Output: `out <id> <line>`, then `done <id>` or `fail <id> <message>`; on its own accord
 *         `ready`, `address-gone <address>`, `rules-changed <why>`
 *
 * Netlink messages of our own `nft` carry its process id as port id (libmnl binds so), thus foreign
 * changes are told from ours without a marker file.
 */
export const AGENT_SCRIPT = String.raw`
use strict; use warnings; use Socket; use IO::Handle; use Fcntl;
$| = 1; $SIG{PIPE} = 'IGNORE';
my ($input, %own, @due, %held) = ('');
sub say_line { my $line = join ' ', @_; $line =~ s/[\r\n]+/; /g; print "$line\n"; }

sub netlink {
  my ($protocol, $groups) = @_;
  socket(my $sock, 16, 3, $protocol) or return;
  setsockopt($sock, SOL_SOCKET, 33, pack('i', 64 << 20)) or setsockopt($sock, SOL_SOCKET, SO_RCVBUF, pack('i', 4 << 20));
  bind($sock, pack('S S L L', 16, 0, 0, $groups)) or return;
  return $sock;
}
my $rules = netlink(12, 1 << 6);
my $routes = netlink(0, 0x10 | 0x100);

sub run {
  my ($text, @command) = @_;
  pipe(my $from, my $to) or return (1, "pipe: $!");
  pipe(my $result, my $answer) or return (1, "pipe: $!");
  my $pid = fork();
  return (1, "fork: $!") unless defined $pid;
  if (!$pid) {
    open STDIN, '<&', $from; open STDOUT, '>&', $answer; open STDERR, '>&', $answer;
    close $_ for $from, $to, $result, $answer;
    exec { $command[0] } @command or do { print STDERR "$command[0]: $!"; POSIX::_exit(127) };
  }
  close $from; close $answer; $own{$pid} = 1;
  print $to $text;
  close $to;
  local $/; my $output = <$result>; close $result;
  waitpid $pid, 0; my $code = $?;
  return ($code, defined $output ? $output : '');
}

# messages and attributes are padded to four bytes
sub skip {
  my $padded = ($_[1] + 3) & ~3;
  substr($_[0], 0, $padded < length $_[0] ? $padded : length $_[0]) = '';
}
sub attributes {
  my ($data, %found) = @_;
  while (length $data >= 4) {
    my ($size, $type) = unpack 'S S', $data;
    last if $size < 4 || $size > length $data;
    $found{$type & 0x3fff} = substr $data, 4, $size - 4;
    skip($data, $size);
  }
  return \%found;
}
sub messages {
  my ($sock, $needle, $each) = @_;
  my ($lost, $data) = (0);
  while (1) {
    if (!defined recv($sock, $data, 1 << 18, 0x40)) { last unless $!{ENOBUFS}; $lost = 1; next; }
    # one datagram holds messages of one transaction
    next if length $data < 16 || $own{unpack 'x12 L', $data} || index($data, $needle) < 0;
    while (length $data >= 16) {
      my ($size, $type, $flags, $seq, $pid) = unpack 'L S S L L', $data;
      last if $size < 16 || $size > length $data;
      $each->($type, $pid, substr($data, 16, $size - 16));
      skip($data, $size);
    }
  }
  return $lost;
}
# table is attribute 1 of every nf_tables object; for NEWGEN (15) there is none
sub rule_events {
  my $foreign = 0;
  my $lost = messages($rules, 'berth', sub {
    my ($type, $pid, $body) = @_;
    return if $foreign || ($type & 0xff) == 15 || length $body < 12;
    my $table = attributes(substr $body, 4)->{1};
    $foreign = 1 if defined $table && $table eq "berth\0";
  });
  %own = ();
  say_line 'rules-changed', $lost ? 'messages were lost' : 'by another process' if $foreign || $lost;
}
sub route_events {
  my $lost = messages($routes, '', sub {
    my ($type, $pid, $body) = @_;
    return unless $type == 21;
    my ($family) = unpack 'C', $body;
    my $found = attributes(substr $body, 8);
    my $raw = defined $found->{2} ? $found->{2} : $found->{1};
    return unless defined $raw;
    my $address = Socket::inet_ntop($family, $raw);
    say_line 'address-gone', $address if $held{$address};
  });
  say_line 'address-gone', 'unknown' if $lost;
}

sub checksum {
  my ($data, $sum) = (shift, 0);
  $sum += $_ for unpack 'n*', length($data) % 2 ? "$data\0" : $data;
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
  return ~$sum & 0xffff;
}
sub slurp { open my $file, '<', $_[0] or return ''; my $line = <$file>; chomp $line; return $line; }
sub frames {
  my ($address, $mac) = @_;
  if ($address =~ /:/) {
    my $ip = Socket::inet_pton(AF_INET6, $address);
    my $all = Socket::inet_pton(AF_INET6, 'ff02::1');
    my $body = pack('C C n N', 136, 0, 0, 0x20000000) . $ip . pack('C C', 2, 1) . $mac;
    substr($body, 2, 2) = pack 'n', checksum($ip . $all . pack('N N', length $body, 58) . $body);
    return "\x33\x33\0\0\0\x01" . $mac . pack('n', 0x86dd) . pack('N n C C', 0x60000000, length $body, 58, 255) . $ip . $all . $body;
  }
  my $ip = Socket::inet_aton($address);
  my $all = "\xff" x 6;
  return map { $all . $mac . pack('n n n C C n', 0x0806, 1, 0x0800, 6, 4, $_) . $mac . $ip . ($_ == 1 ? "\0" x 6 : $all) . $ip } 1, 2;
}
# gratuitous ARP as request and reply (RFC 5227, 5944); unsolicited neighbour advertisement (RFC 4861 7.2.6)
sub announce {
  my ($device, @addresses) = @_;
  my $index = slurp("/sys/class/net/$device/ifindex") || return;
  my $mac = pack 'H*', join '', split /:/, slurp("/sys/class/net/$device/address");
  socket(my $sock, 17, 3, 0) or return;
  for my $address (grep { $held{$_} } @addresses) {
    send $sock, $_, 0, pack('S n l S C C a8', 17, 0, $index, 1, 0, 6, '') for frames($address, $mac);
  }
}

# each line: <address> <port> [<reply address> [<reply port>]]; one listing finds those with UDP flows
sub forget_flows {
  my %at;
  my (undef, $flows) = run('', 'conntrack', '-L', '-p', 'udp');
  while ($flows =~ /\bdst=(\S+) sport=\d+ dport=(\d+) .*?src=(\S+) dst=\S+ sport=(\d+)/g) {
    $at{$_} = 1 for "$1 $2", "$1 $2 $3", "$1 $2 $3 $4";
  }
  for (grep { $at{$_} } @_) {
    my ($address, $port, @reply) = split;
    my @family = $address =~ /:/ ? ('-f', 'ipv6') : ();
    my @filter = ('--orig-dst', $address, '--orig-port-dst', $port);
    push @filter, '--reply-src', $reply[0] if @reply;
    push @filter, '--reply-port-src', $reply[1] if @reply > 1;
    run('', 'conntrack', '-D', '-p', 'udp', @family, @filter);
  }
}

# whoever reads the file sees the old one or the new one, and never a key that all may read
sub write_file {
  my ($head, $content) = split /\n/, $_[0], 2;
  my ($path, $mode, $user, $group) = split /[ :]/, $head;
  my $temporary = "$path.new";
  unlink $temporary;
  sysopen(my $file, $temporary, O_WRONLY | O_CREAT | O_EXCL, 0600) or return (1, "$temporary: $!");
  print $file $content and close $file or return (1, "$temporary: $!");
  chmod(oct $mode, $temporary) or return (1, "$temporary: $!");
  chown($user, $group, $temporary) or return (1, "$temporary: $!");
  rename($temporary, $path) or return (1, "$path: $!");
  return (0, '');
}
# the end of an answer is told by its own length: a server may keep the connection for a while
sub whole_body {
  my ($head, $body) = $_[0] =~ /\A(.*?)\r\n\r\n(.*)\z/s or return;
  return ($head, length $body >= $1 ? substr $body, 0, $1 : undef) if $head =~ /^content-length: *(\d+)/mi;
  return ($head, $_[1] ? $body : undef) unless $head =~ /^transfer-encoding: *chunked/mi;
  my ($at, $text) = (0, '');
  while (1) {
    pos($body) = $at;
    $body =~ /\G([0-9a-f]+)[^\r\n]*\r\n/gi or return ($head);
    my ($size, $start) = (hex $1, pos $body);
    return ($head, $text) if $size == 0;
    return ($head) if length $body < $start + $size + 2;
    $text .= substr $body, $start, $size;
    $at = $start + $size + 2;
  }
}
sub http_get {
  my ($path, $target) = @_;
  my ($head, $body);
  my $done = eval {
    local $SIG{ALRM} = sub { die "no answer\n" };
    alarm 5;
    socket(my $sock, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
    connect($sock, pack_sockaddr_un($path)) or die "$path: $!\n";
    syswrite $sock, "GET $target HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    my ($answer, $count) = ('', 1);
    while ($count) {
      $count = sysread $sock, $answer, 1 << 16, length $answer;
      ($head, $body) = whole_body($answer, !$count);
      last if defined $body;
    }
    defined $body or die "half an answer\n";
    1;
  };
  alarm 0;
  return (1, $@) unless $done;
  return $head =~ m{\AHTTP/1\.[01] 200 } ? (0, $body) : (1, "$head $body");
}

sub step {
  my ($id, $verb, $text) = @_;
  if ($verb eq 'nft') { return run($text, 'nft', '-f', '-'); }
  if ($verb eq 'add') {
    for (grep { /\S/ } split /\n/, $text) { my ($address, $device) = split; $held{$address} = 1; }
    return run(join('', map { my ($address, $device) = split; address_line('replace', $address, $device) } split /\n/, $text), 'ip', '-batch', '-');
  }
  if ($verb eq 'drop') {
    for (split /\n/, $text) { my ($address) = split; delete $held{$address}; }
    run(join('', map { my ($address, $device) = split; address_line('del', $address, $device) } split /\n/, $text), 'ip', '-force', '-batch', '-');
    return (0, '');
  }
  if ($verb eq 'announce') {
    my ($device, @addresses) = split ' ', $text;
    my $now = Time::HiRes::time();
    push @due, map { [$now + $_, $device, @addresses] } 0, 0.1, 0.5, 2;
    return (0, '');
  }
  if ($verb eq 'write') { return write_file($text); }
  if ($verb eq 'get') {
    my ($code, $output) = http_get(split ' ', $text);
    say_line 'out', $id, $_ for $code ? () : split /\n/, $output;
    return ($code, $output);
  }
  if ($verb eq 'flows') { forget_flows(split /\n/, $text); return (0, ''); }
  if ($verb eq 'ask') {
    my ($code, $output) = run('', 'bash', '-c', $text);
    say_line 'out', $id, $_ for $code ? () : split /\n/, $output;
    return ($code, $output);
  }
  return (1, "unknown verb $verb");
}
sub address_line {
  my ($verb, $address, $device) = @_;
  my $six = $address =~ /:/;
  my $extra = $verb eq 'del' ? '' : $six ? ' nodad preferred_lft 0' : '';
  return "address $verb $address/" . ($six ? 128 : 32) . " dev $device$extra\n";
}

sub block {
  my ($id, @steps) = @_;
  my $problem;
  for (@steps) {
    my ($code, $output) = step($id, @$_);
    if ($code) { $problem = "$_->[0]: " . ($output =~ /\S/ ? substr($output, 0, 1500) : "exit code " . ($code >> 8)); last; }
  }
  rule_events() if $rules;
  defined $problem ? say_line('fail', $id, $problem) : say_line('done', $id);
}
# takes one whole block off the input, or nothing
sub next_block {
  $input =~ s/\A\n+//;
  $input =~ /\Ablock (\d+) (\d+)\n/ or return;
  my ($id, $count, $at, @steps) = ($1, $2, $+[0]);
  for (1 .. $count) {
    pos($input) = $at;
    $input =~ /\G(\w+) (\d+)\n/g or return;
    my ($verb, $size) = ($1, $2);
    $at = pos $input;
    return if length $input < $at + $size;
    push @steps, [$verb, substr $input, $at, $size];
    $at += $size;
  }
  substr($input, 0, $at) = '';
  return ($id, @steps);
}

require POSIX; require Errno; require Time::HiRes;
say_line 'ready';
while (1) {
  my $now = Time::HiRes::time();
  for (grep { $_->[0] <= $now } @due) { my (undef, @what) = @$_; announce(@what); }
  @due = sort { $a->[0] <=> $b->[0] } grep { $_->[0] > $now } @due;
  my $wait = '';
  vec($wait, fileno $_, 1) = 1 for grep { defined } \*STDIN, $rules, $routes;
  next if select(my $seen = $wait, undef, undef, @due ? $due[0][0] - $now : undef) < 0;
  rule_events() if $rules && vec $seen, fileno $rules, 1;
  route_events() if $routes && vec $seen, fileno $routes, 1;
  if (vec $seen, fileno STDIN, 1) {
    sysread(STDIN, $input, 1 << 16, length $input) or last;
    while (my ($id, @steps) = next_block()) { block($id, @steps); }
  }
}
`;
