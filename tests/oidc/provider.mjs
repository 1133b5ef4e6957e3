// An OpenID provider for the sign-in tests: on a loopback port, with one client that people sign in through and one that is a
// program. Whoever is named by ?user= at its page of interaction is signed in. Prints its issuer as one line of JSON.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const CALLBACK = 'https://loans.example.jp/auth/callback';
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const server = createServer((request, response) => answer(request, response));
let answer;

server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'yushi-test',
        client_secret: 'secret-of-the-test-client',
        redirect_uris: [CALLBACK],
        post_logout_redirect_uris: ['https://loans.example.jp/'],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: 'partner-1',
        client_secret: 'secret-of-the-partner',
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
      },
    ],
    jwks: { keys: [{ ...key, kid: 'first', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_, client) => (client.clientId === 'partner-1' ? 'urn:yushi' : undefined),
        getResourceServerInfo: () => ({
          scope: '',
          audience: 'yushi',
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Grant: 300, Session: 300 },
  });
  const callback = provider.callback();
  answer = (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith('/interaction/')) return callback(request, response);
    return interact(provider, request, response, url.searchParams.get('user')).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  };
  console.log(JSON.stringify({ issuer }));
});

async function interact(provider, request, response, user) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: user } });
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid');
  const id = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId: id } }, { mergeWithLastSubmission: true });
}
