/** Where the guide has the CPUs of servers recorded before a live migration, and compared after it. */
export const placementFunctions = String.raw`
# placement HOST FILE: what libvirt says there of the CPUs and NUMA nodes of the server; read only.
placement() {
  local domain
  domain="$(show OS-EXT-SRV-ATTR:instance_name)" || stop "cannot read server $server_label"
  domain="$(quoted "$domain")"
  # shellcheck disable=SC2086,SC2029
  {
    $ssh_command -- "$1" "$virsh_command vcpuinfo $domain" </dev/null &&
      $ssh_command -- "$1" "$virsh_command numatune $domain" </dev/null
  } >"$2.new" || stop "cannot ask libvirt on $(quoted "$1"): set PLANNER_SSH and PLANNER_VIRSH, or PLANNER_SSH=none to go without"
  grep -v -e '^CPU:' -e '^State:' -e '^CPU time:' "$2.new" >"$2" || stop "libvirt on $(quoted "$1") says nothing of server $server_label"
  rm -f "$2.new"
}

record_name() { printf '%s/%s' "$records" "${'$'}{server//[!A-Za-z0-9._-]/_}"; }

record_placement() {
  local name
  { [ "$records_it" = yes ] && [ "$ssh_command" != none ]; } || return 0
  name="$(record_name)"
  mkdir -p "$records"
  rm -f "$name.after"
  placement "$from" "$name.before"
}

compare_placement() {
  local name
  { [ "$records_it" = yes ] && [ "$ssh_command" != none ]; } || return 0
  name="$(record_name)"
  { [ -f "$name.before" ] && [ ! -f "$name.after" ] && [ "$host" = "$to" ]; } || return 0
  placement "$to" "$name.after"
  if cmp -s "$name.before" "$name.after"; then
    log "$server_label: is on the same CPUs and NUMA nodes as before"
  elif [ "$same_cells" = yes ]; then
    stop "server $server_label is on other CPUs or NUMA nodes than before; compare $name.before and $name.after"
  else
    log "$server_label: is on other CPUs or NUMA nodes than before; see $name.before and $name.after"
  fi
}
`;

/** Where they are not. */
export const noPlacementFunctions = `
record_placement() { :; }
compare_placement() { :; }
`;
