// The environment of a server under test: its port, and the URL of Microsoft Graph.

export const PORT = Number(process.env['PORT']);
export const HOST = '127.0.0.1';

/** The root of Microsoft Graph, without the version. */
export const GRAPH = process.env['GRAPH_BASE_URL'] ?? '';
