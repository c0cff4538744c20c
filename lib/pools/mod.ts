export { type ParsedPoolConfig, parsePoolConfig, type PoolDefaults } from "./pool_config.ts";
