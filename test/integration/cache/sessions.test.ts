/** cache/sessions.conf: the cookies of real products, which mean a session and which do not. */

import { type CachedSite, startCachedSite } from '../../../testkit/servers/cached';
import { ends, onRelease } from '../../../testkit/servers/nginx';

const HASH = '0123456789abcdef0123456789abcdef';

const SESSIONS = [
  ...['sessionid', 'session', 'SESSION', 'session_id', 'PHPSESSID', 'JSESSIONID', 'connect.sid'],
  // Rails, Devise, GitLab
  ...['_appname_session', '_session_id', 'remember_user_token', '_gitlab_session'],
  // Laravel, CodeIgniter, CakePHP, Symfony
  ...[
    'laravel_session',
    'my-shop-session',
    `remember_web_${HASH}`,
    'ci_session',
    'CAKEPHP',
    'REMEMBERME',
  ],
  // Drupal, WordPress, WooCommerce
  ...[`SESS${HASH}`, `SSESS${HASH}`, `wordpress_logged_in_${HASH}`, `wordpress_sec_${HASH}`],
  ...[`wp-postpass_${HASH}`, `comment_author_${HASH}`, `wp_woocommerce_session_${HASH}`],
  // Joomla, Magento, PrestaShop, TYPO3, MediaWiki, Moodle, phpBB, Nextcloud, Gitea
  ...[
    HASH,
    'joomla_user_state',
    `joomla_remember_me_${HASH}`,
    'X-Magento-Vary',
    `PrestaShop-${HASH}`,
  ],
  ...[
    'fe_typo_user',
    'wiki_session',
    'MoodleSession',
    'phpbb3_k2x1a_sid',
    'nc_session_id',
    'i_like_gitea',
  ],
  // Flask-Login, Phoenix, Pyramid, Beaker, Koa, Sails, Spring
  ...['remember_token', '_app_key', '_app_web_user_remember_me', 'beaker.session.id', 'koa.sess'],
  ...['koa.sid', 'sails.sid', 'remember-me', 'rack.session', 'PLAY_SESSION'],
  // ASP.NET
  ...['ASP.NET_SessionId', '.ASPXAUTH', '.AspNet.ApplicationCookie', '.AspNetCore.Cookies'],
  ...['.AspNetCore.Identity.Application', '.AspNetCore.Session', 'ASPSESSIONIDQABCDEFG'],
  // NextAuth, Auth.js, Better Auth, Auth0, Clerk, Supabase
  ...[
    'next-auth.session-token',
    '__Secure-next-auth.session-token',
    '__Secure-authjs.session-token',
  ],
  ...['better-auth.session_token', 'appSession', '__session', 'sb-abcdefgh-auth-token'],
  // single sign-on
  ...[
    '_oauth2_proxy',
    '_oauth2_proxy_0',
    '__Host-_oauth2_proxy',
    '_forward_auth',
    'KEYCLOAK_IDENTITY',
  ],
  ...['KEYCLOAK_SESSION', 'AUTH_SESSION_ID', 'authelia_session', 'authentik_session', 'TGC'],
  ...['_shibsession_64656661756c74', 'mellon-cookie', 'mod_auth_openidc_session', '_pomerium'],
  ...[
    'CF_Authorization',
    'AWSELBAuthSessionCookie-0',
    'AppServiceAuthSession',
    'access_token',
    'jwt',
  ],
];

const OTHERS = [
  ...[
    '_ga',
    '_gid',
    '_gat',
    '_ga_AB12CD34EF',
    '_gcl_au',
    '_fbp',
    '_fbc',
    '__utmz',
    '_pk_id.1.1fff',
  ],
  ...[
    '_pk_ses.1.1fff',
    '_hjSessionUser_123456',
    '_hjSession_123456',
    'ai_user',
    'ai_session',
    '_clck',
  ],
  ...[
    '_uetsid',
    'ajs_anonymous_id',
    '__stripe_mid',
    '__stripe_sid',
    'intercom-session-abc123',
    's_sess',
  ],
  // tokens against forged forms, which each visitor has
  ...[
    'csrftoken',
    '_csrf',
    '_csrf_token',
    'XSRF-TOKEN',
    'csrf_cookie_name',
    'next-auth.csrf-token',
  ],
  ...['__Host-next-auth.csrf-token', 'next-auth.callback-url', '__RequestVerificationToken'],
  ...['.AspNetCore.Antiforgery.9fXoN5jHCXs', '.AspNetCore.Culture', '.AspNet.Consent'],
  // consent, load balancers, choices
  ...[
    'cookieconsent_status',
    'CookieConsent',
    'OptanonConsent',
    'euconsent-v2',
    'cf_clearance',
    '__cf_bm',
  ],
  ...['AWSALB', 'AWSALBCORS', 'lang', 'theme', 'locale', 'NEXT_LOCALE', 'wp_lang', 'currency'],
  ...['wordpress_test_cookie', 'sessio', 'mysession', 'my.session'],
];

/** Where a name may be: first, after others, without a space, in capitals. */
const POSITIONS: Record<string, (name: string) => string> = {
  alone: (name) => `${name}=x`,
  second: (name) => `a=1; ${name}=x; b=2`,
  'without a space': (name) => `a=session;${name}=x;b=2`,
  'in capitals': (name) => `A=1; ${name.toUpperCase()}=x`,
};

describe.each(ends)(onRelease, (release) => {
  let site: CachedSite;

  beforeAll(async () => {
    site = await startCachedSite(release);
    // so that an anonymous visitor has a HIT
    await site.ask('/reports/1');
  });

  afterAll(async () => {
    await site?.stop();
  });

  const statusWith = async (cookie: string) =>
    (await site.ask('/reports/1', { headers: { Cookie: cookie } })).cache;
  const namesWith = async (status: string, names: string[], position: string) => {
    const found: string[] = [];
    for (const name of names) {
      if ((await statusWith(POSITIONS[position]?.(name) ?? '')) === status) {
        found.push(name);
      }
    }
    return found;
  };

  test.each(Object.keys(POSITIONS))('a session passes the cache: %s', async (position) => {
    expect(await namesWith('BYPASS', SESSIONS, position)).toEqual(SESSIONS);
  });

  test.each(Object.keys(POSITIONS))('other cookies are anonymous: %s', async (position) => {
    expect(await namesWith('HIT', OTHERS, position)).toEqual(OTHERS);
  });

  test('a name as a value is anonymous', async () => {
    const cookie = SESSIONS.map((name, i) => `a${i}=${name}`).join('; ');
    expect(await statusWith(cookie)).toBe('HIT');
  });

  test.each(['a', ';', '; ', 'a_;', '_', 'a=b; ', 'a_b.c-'])(
    'a header of 6 KB of %j is anonymous, within the limits of PCRE',
    async (text) => {
      expect(await statusWith(`x${text.repeat(6000 / text.length)}`)).toBe('HIT');
    },
  );
});
