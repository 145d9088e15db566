/** What settings say of the agent, without the agent: loads in a fraction of its time. */
export { PRICES, type PriceTable, priceOf, readPrices } from "./inference/prices.ts";
export { McpServer } from "./mcp/server.ts";
