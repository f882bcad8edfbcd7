// What a server under test is told: where to listen, and where Microsoft Graph is.

export const PORT = Number(process.env['PORT']);
export const HOST = '127.0.0.1';

/** The root of Microsoft Graph, without the version. */
export const GRAPH = process.env['GRAPH_BASE_URL'] ?? '';
