import type { Client } from './client.ts';

/** The functions of an exported script in which clients differ: how steps are asked for, and migrations looked up. */
export const clientFunctions = (client: Client): string =>
  requests[client] + (client === 'current' ? currentMigrations : oldMigrations);

/** How migrations are asked for. */
const requests: Readonly<Record<Client, string>> = {
  current: String.raw`
request_live() { compute server migrate --live-migration "--host=$to" -- "$server"; }
request_cold() { compute server migrate "--host=$to" -- "$server"; }
request_evacuate() { compute server evacuate "--host=$to" -- "$server"; }
request_confirm() { compute server migrate confirm -- "$server"; }
`,
  train: String.raw`
old_client() { nova --os-compute-api-version "$version" "$@" </dev/null; }
request_live() { compute server migrate --live-migration "--host=$to" -- "$server"; }
request_forced() { old_client live-migration --force -- "$server" "$to"; }
request_cold() { compute server migrate "--host=$to" -- "$server"; }
request_evacuate() { old_client evacuate -- "$server" "$to"; }
request_confirm() { compute server resize --confirm -- "$server"; }
`,
  queens: String.raw`
old_client() { nova --os-compute-api-version "$version" "$@" </dev/null; }
request_live() { old_client live-migration -- "$server" "$to"; }
request_forced() { openstack --os-compute-api-version 2.24 server migrate "--live=$to" "$storage" -- "$server" </dev/null; }
request_cold() { old_client migrate "--host=$to" -- "$server"; }
request_evacuate() { old_client evacuate -- "$server" "$to"; }
request_confirm() { compute server resize --confirm -- "$server"; }
`,
};

const currentMigrations = String.raw`
# migrations STATUS: destinations of the server's cold migrations that are in this status.
migrations() {
  read_value server migration list "--server=$server" --type=cold-migration "--status=$1" -f value -c 'Dest Compute'
}
`;

/** `nova` prints tables for people only: the columns are found by their names. */
const oldMigrations = String.raw`
# migrations STATUS: destinations of the server's cold migrations that are in this status.
migrations() {
  local listed try
  for try in 1 2 3 4 5; do
    if listed="$(old_client migration-list "--status=$1")"; then break; fi
    [ "$try" -lt 5 ] || return 1
    sleep "$poll_seconds"
  done
  printf '%s\n' "$listed" | server="$server" awk -F'|' '
    /^[|]/ {
      for (i = 2; i < NF; i++) { gsub(/^ +| +$/, "", $i); if (!found) column[$i] = i }
      if (!found) { found = 1; next }
      if ($column["Instance UUID"] == ENVIRON["server"] && $column["Type"] == "migration") print $column["Dest Compute"]
    }'
}
`;
