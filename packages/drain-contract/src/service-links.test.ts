import { expect, test } from 'vitest';
import { dropServiceLinks } from './service-links.ts';

test('the address of a Service is no setting, and one warning names every variable that held one', () => {
  const environment = {
    HERMES_DASHBOARD_PORT: 'tcp://10.96.0.5:9119',
    HERMES_GATEWAY_PORT: 'udp://10.96.0.6:53',
    API_SERVER_PORT: 'sctp://[fd00::5]:8642',
    DRAINCTL_PORT: 'tcp://10.96.0.7:80',
    HERMES_HOME: '/opt/data',
  };
  const warning = dropServiceLinks(environment);
  expect(environment).toEqual({ HERMES_HOME: '/opt/data' });
  expect(warning).toContain('HERMES_DASHBOARD_PORT, HERMES_GATEWAY_PORT, API_SERVER_PORT, DRAINCTL_PORT');
  expect(warning).toContain('enableServiceLinks: false');
});

test('what is not ours, what no program reads, and what is a setting, stays', () => {
  const environment = {
    REDIS_PORT: 'tcp://10.96.0.9:6379',
    HERMES_DASHBOARD_PORT_9119_TCP: 'tcp://10.96.0.5:9119',
    HERMES_DASHBOARD_PORT: '9119',
    DRAINCTL_URL: 'https://dash.example',
    API_SERVER_PORT: 'tcp',
  };
  expect(dropServiceLinks(environment)).toBeUndefined();
  expect(Object.keys(environment)).toHaveLength(5);
});
