export { type AgentEvents, NODE_SHELL, NodeAgent } from "./node_agent.ts";
export type { Step, StepVerb } from "./agent_protocol.ts";
