// A long token passes a real nginx that has the configuration of docs/deployment.md.
import { expect, it } from 'vitest';
import { isNginxMissing, nginxSkipped, startNginx } from '../support/nginx.ts';
import { startTestProduct } from '../support/product.ts';

/** Entra ID omits the groups from such a token when there are more. */
const GROUPS = 150;

it.skipIf(isNginxMissing)(
  `nginx lets the token of a person in ${GROUPS} groups through${nginxSkipped}`,
  async () => {
    await using product = await startTestProduct({ environment: { AUTH_MODE: 'entra' } });
    const { origin } = new URL(product.url);
    await using nginx = await startNginx([origin, origin, origin]);
    const groups = Array.from({ length: GROUPS }, (_, at) => {
      return `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
    });
    const token = await product.emulator.entra.userToken('innocenty', { claims: { groups } });
    expect(token.length).toBeGreaterThan(8_400);

    const response = await fetch(`${nginx.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ me { displayName } }' }),
    });

    expect([response.status, response.headers.has('x-served-by')]).toEqual([200, true]);
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  },
);
