import type { Client } from './client.ts';
import { clientFunctions } from './script-clients.ts';

/**
 * The functions of an exported script for a client: those in which clients differ first. What differs between plans is
 * in the steps, which set variables and call one of them. Only bash, POSIX tools and the clients' commands; nothing
 * newer than bash 3.2.
 *
 * - Nova accepts migrations at once and carries them out later, so each step looks until the server is at rest. A live
 *   migration that failed also leaves it ACTIVE: only its host tells.
 * - Reads ask for one column each: clients differ in the order of several.
 */
export const scriptFunctions = (client: Client): string => functions + clientFunctions(client);

const functions = String.raw`
log() { printf '%s %-4s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$step" "$1"; }

# Anything that the cloud says, safe to print.
quoted() { printf '%q' "$1"; }

stop() {
  printf 'stopped at step %s: %s\n' "$step" "$1" >&2
  printf 'Steps before it are done. When the cause is settled, run this script again: it goes on from here.\n' >&2
  exit 1
}

# compute ARGUMENT...: the client, at the microversion of the step.
compute() { openstack --os-compute-api-version "$version" "$@" </dev/null; }

# read_value ARGUMENT...: what a read prints; one that fails is tried again.
read_value() {
  local try value
  for try in 1 2 3 4 5; do
    if value="$(compute "$@")"; then
      printf '%s\n' "$value"
      return 0
    fi
    [ "$try" -eq 5 ] || sleep "$poll_seconds"
  done
  return 1
}

show() { read_value server show -f value -c "$1" -- "$server"; }

# Sets status, task and host to what Nova says of the server now. The host is read last: once a server is at rest, it
# stays where it is.
look() {
  status="$(show status)" || stop "cannot read server $server_label"
  task="$(show OS-EXT-STS:task_state)" || stop "cannot read server $server_label"
  host="$(show OS-EXT-SRV-ATTR:host)" || stop "cannot read server $server_label"
  case "$task" in None | null) task='' ;; esac
}

# settle STATUS: waits until the server is at rest, and not in STATUS (- for none).
settle() {
  local started="$SECONDS"
  [ -z "$wait_limit" ] || wait_seconds="$wait_limit"
  while :; do
    look
    if [ "$status" = ERROR ] && [ "$expected_status" != ERROR ]; then
      stop "server $server_label is in ERROR; see: openstack server event list $(quoted "$server")"
    fi
    case "$status" in
      MIGRATING | RESIZE | REVERT_RESIZE | REBUILD | "$1") ;;
      *) [ -n "$task" ] || return 0 ;;
    esac
    if [ "$((SECONDS - started))" -ge "$wait_seconds" ]; then
      stop "server $server_label is still $(quoted "$status") after $wait_seconds s; what Nova has begun goes on"
    fi
    sleep "$poll_seconds"
  done
}

# is_past HOST...: whether the server is on one of these hosts, to which later steps bring it.
is_past() {
  local later
  for later in "$@"; do
    [ "$host" != "$later" ] || return 0
  done
  return 1
}

# Refuses to go on unless the server is as the plan found it.
require_at_source() {
  if [ "$host" != "$from" ]; then
    stop "server $server_label is on $(quoted "$host"), neither on $from_label nor on $to_label: it was moved since; plan again"
  fi
  if [ -n "$expected_status" ] && [ "$status" != "$expected_status" ]; then
    stop "server $server_label is $(quoted "$status"), not $expected_status as planned"
  fi
  [ -z "$to_service" ] || require_service "$to" "$to_label" "$to_service"
  [ -z "$batch" ] || require_only "$to" "$to_label" "$batch"
}

# require_only HOST LABEL 'SERVER...': refuses to go on where the host runs any other server.
require_only() {
  local found other
  found="$(read_value server list --all-projects "--host=$1" -f value -c ID)" || stop "cannot read the servers on $2"
  for other in $found; do
    case " $3 " in
      *" $other "*) ;;
      *) stop "server $(quoted "$other") is on $2, which is to run nothing but servers of this batch: move it away, or plan again" ;;
    esac
  done
}

service_value() { read_value compute service list "--host=$1" --service=nova-compute -f value -c "$2"; }

# require_service HOST LABEL 'STATUS STATE'
require_service() {
  local found
  found="$(service_value "$1" Status) $(service_value "$1" State)" || stop "cannot read nova-compute on $2"
  [ "$found" = "$3" ] || stop "nova-compute on $2 is $(quoted "$found"), not $3 as planned"
}

# begin COMMAND: requests a migration, waits for its end, and compares the host.
begin() {
  log "$server_label: $from_label -> $to_label"
  "$1" || stop "Nova did not accept the request for server $server_label"
  settle -
  [ "$host" = "$to" ] ||
    stop "server $server_label is on $(quoted "$host") and not on $to_label: the migration failed; see: openstack server event list $(quoted "$server")"
}

# go_on HOST...: whether there is nothing to request, because the server is there or farther already.
go_on() {
  settle -
  if is_past "$to" "$@"; then
    log "$server_label: is on $(quoted "$host") already"
    return 1
  fi
  keep_clock "$clock_need" "$freezes" "$ready_at"
  if [ -n "$waited" ]; then
    look
    if is_past "$to" "$@"; then
      log "$server_label: is on $(quoted "$host") already"
      return 1
    fi
  fi
  require_at_source
}

# live_migrate [--forced] HOST...
live_migrate() {
  local request=request_live
  if [ "${'$'}{1:-}" = --forced ]; then
    request=request_forced
    shift
  fi
  if go_on "$@"; then
    record_placement
    begin "$request"
  fi
  compare_placement
}

cold_migrate() {
  if go_on "$@"; then begin request_cold; fi
}

# Nova cannot tell a dead host from one that is cut off: somebody must have made sure that nothing runs on it.
evacuate() {
  go_on "$@" || return 0
  case " $fenced_hosts " in
    *" $from "*) begin request_evacuate ;;
    *) stop "make sure that $from_label is powered off, then name it in PLANNER_FENCED_HOSTS" ;;
  esac
}

# Confirms this cold migration and nothing else: never a resize that somebody asked for.
confirm_migration() {
  settle -
  if is_past "$@"; then
    log "$server_label: is on $(quoted "$host") already"
    return 0
  fi
  [ "$host" = "$to" ] || stop "server $server_label is on $(quoted "$host") and not on $to_label"
  if [ "$status" != VERIFY_RESIZE ]; then
    log "$server_label: is confirmed already"
    return 0
  fi
  [ "$confirm" != manual ] || stop "confirm or revert the migration of server $server_label by hand"
  local finished confirming
  finished="$(migrations finished)" || stop "cannot read the migrations of server $server_label"
  confirming="$(migrations confirming)" || stop "cannot read the migrations of server $server_label"
  if [ "$finished" = "$to" ]; then
    log "$server_label: confirm on $to_label"
    request_confirm || log "$server_label: the request to confirm failed; looking again"
  elif [ "$confirming" != "$to" ]; then
    stop "server $server_label waits for a confirmation, but not of the migration to $to_label; it is not confirmed here"
  fi
  settle VERIFY_RESIZE
  [ "$host" = "$to" ] || stop "server $server_label is on $(quoted "$host") and not on $to_label"
}

# power start|stop STATUS HOST...
power() {
  local how="$1" wanted="$2"
  shift 2
  settle -
  if [ "$status" = "$wanted" ] || is_past "$@"; then
    log "$server_label: nothing to $how"
    return 0
  fi
  [ "$how" = start ] || keep_clock 0 '' 0
  log "$server_label: $how"
  compute server "$how" -- "$server" || stop "Nova did not accept to $how server $server_label"
  settle "$status"
  [ "$status" = "$wanted" ] || stop "server $server_label is $(quoted "$status"), not $wanted"
}

# disable_service REASON
disable_service() {
  local found
  found="$(service_value "$service_host" Status)" || stop "cannot read nova-compute on $service_label"
  if [ "$found" = disabled ]; then
    log "$service_label: is disabled already"
    return 0
  fi
  [ "$found" = enabled ] || stop "there is no nova-compute on $service_label"
  keep_clock 0 '' 0
  log "$service_label: disable"
  compute compute service set --disable "--disable-reason=$1" -- "$service_host" nova-compute ||
    stop "nova-compute on $service_label was not disabled"
  found="$(service_value "$service_host" Status)" || stop "cannot read nova-compute on $service_label"
  [ "$found" = disabled ] || stop "nova-compute on $service_label is still $(quoted "$found")"
}

# enable_service [REASON]: with a reason, only what was disabled for it.
enable_service() {
  local found reason
  found="$(service_value "$service_host" Status)" || stop "cannot read nova-compute on $service_label"
  if [ "$found" = enabled ]; then
    log "$service_label: is enabled already"
    return 0
  fi
  [ "$found" = disabled ] || stop "there is no nova-compute on $service_label"
  if [ "$#" -gt 0 ]; then
    reason="$(read_value compute service list --long "--host=$service_host" --service=nova-compute -f value -c 'Disabled Reason')" ||
      stop "cannot read nova-compute on $service_label"
    [ "$reason" = "$1" ] || stop "$service_label is disabled for another reason by now: $(quoted "$reason")"
  fi
  log "$service_label: enable"
  compute compute service set --enable -- "$service_host" nova-compute || stop "nova-compute on $service_label was not enabled"
  found="$(service_value "$service_host" Status)" || stop "cannot read nova-compute on $service_label"
  [ "$found" = enabled ] || stop "nova-compute on $service_label is still $(quoted "$found")"
}
`.trimStart();

/** Where a plan asks nothing of the clock. */
export const noClockFunctions = `
keep_clock() { waited=''; }
`;
