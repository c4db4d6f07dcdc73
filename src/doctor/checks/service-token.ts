import { type Check, type Finding, problem, unknown } from '../check.ts';
import { again, isTrue, optionOf } from './options.ts';

/** Long operations outlive the token of who asked for them. */
export const serviceToken: Check = {
  id: 'service-user-token',
  looksAt: 'reports',
  needed: '[service_user] send_service_user_token is true',
  why: 'a copy may take longer than a token lives: without the token of the service its last calls to Cinder, Glance and Neutron are refused, and detaching volumes is refused since the fix of CVE-2023-2088 (Nova admin guide, configure service user tokens)',
  fine: 'all hosts send it',
  examine: (reports) =>
    [...reports.values()].flatMap((report): Finding[] => {
      const value = optionOf(report, 'service_user.send_service_user_token', 'False');
      if (value === undefined) return [unknown([report.host], 'was not recorded', again)];
      return isTrue(value)
        ? []
        : [
            problem(
              [report.host],
              'is not set',
              'set it with the credentials of the nova user in [service_user], on hosts and controllers',
            ),
          ];
    }),
};
