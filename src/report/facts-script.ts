/** Options of nova.conf that an import or the doctor reads; no other leaves the host. */
const options = [
  'host my_ip vcpu_pin_set reserved_huge_pages cpu_allocation_ratio ram_allocation_ratio default_availability_zone',
  'max_concurrent_live_migrations config_drive_format cpu_shared_set cpu_dedicated_set numa_nodes',
  'packing_host_numa_cells_allocation_strategy enabled_filters max_instances_per_host max_io_ops_per_host',
  'isolated_hosts isolated_images restrict_isolated_hosts_to_isolated_images image_properties_default_architecture',
  'aggregate_image_properties_isolation_namespace aggregate_image_properties_isolation_separator',
  'enable_isolated_aggregate_filtering disable_fallback_pcpu_query disable_group_policy_check_upcall',
  'enable_numa_live_migration skip_hypervisor_version_check_on_lm images_type images_rbd_pool images_rbd_ceph_conf',
  'rbd_secret_uuid cpu_mode cpu_models cpu_model remote_filesystem_transport device_spec passthrough_whitelist',
  'live_migration_completion_timeout live_migration_timeout_action live_migration_bandwidth live_migration_downtime',
  'live_migration_downtime_steps live_migration_downtime_delay live_migration_with_native_tls',
  'live_migration_tunnelled live_migration_parallel_connections live_migration_permit_post_copy',
  'live_migration_permit_auto_converge live_migration_inbound_addr live_migration_scheme virt_type hw_machine_type',
  'cpu_model_extra_flags disk_allocation_ratio skip_cpu_compare_on_dest send_service_user_token compute',
];

/**
 * A script for a compute host that prints, as a tar archive, the folder of it that `planner import --host-facts` reads.
 * It changes nothing: libvirt is asked over its read-only connection, nova.conf is copied option by option, so that no
 * password leaves the host, and what is not there is left out.
 */
export const factsScript = (): string => `#!/bin/sh
# Gathers what no API of OpenStack tells of a compute host: NUMA cells, huge pages, PCI devices, guests, settings,
# versions, whether the clock is right, and fingerprints of the keys that migrations use.
# It reads and changes nothing. Run it as root on each host; the archive that it prints goes into one folder:
#
#   mkdir -p host-facts
#   ssh root@HOST sh -s < planner-facts.sh | tar -x -C host-facts
#   planner import --cloud NAME --host-facts host-facts
#
# NOVA_CONF names the files of nova-compute, VIRSH the command, NOVA_HOME the home of its user, where they are in
# unusual places. (VIRSH and NOVA_CONF may be several words.)
# shellcheck disable=SC2086
set -u
umask 077

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

if [ -z "\${NOVA_CONF:-}" ]; then
  for file in /var/lib/config-data/puppet-generated/nova_libvirt/etc/nova/nova.conf \\
      /etc/kolla/nova-compute/nova.conf /etc/nova/nova.conf; do
    [ -r "$file" ] && NOVA_CONF=$file && break
  done
  for file in /etc/nova/nova-compute.conf /etc/nova/nova.conf.d/*.conf; do
    [ "\${NOVA_CONF:-}" = /etc/nova/nova.conf ] && [ -r "$file" ] && NOVA_CONF="$NOVA_CONF $file"
  done
fi

if [ -z "\${VIRSH:-}" ]; then
  VIRSH=virsh
  if ! command -v virsh > /dev/null; then
    for engine in podman docker; do
      for container in nova_virtqemud nova_libvirt; do
        $engine exec "$container" virsh --version > /dev/null 2>&1 && VIRSH="$engine exec $container virsh"
      done
    done
  fi
fi

ask() { # ask FILE COMMAND...: the output as a file; none where the command fails
  file=$1
  shift
  "$@" > "$file" 2> /dev/null < /dev/null || rm -f "$file"
}

# only options that decide where servers may run: the others hold passwords
keep='${options.join(' ')}'
[ -n "\${NOVA_CONF:-}" ] && cat $NOVA_CONF | awk -v keep="$keep" '
  BEGIN { n = split(keep, names, " "); for (i = 1; i <= n; i++) wanted[names[i]] = 1 }
  /^[ \\t]*([#;]|$)/ { next }
  /^\\[/ { on = 0; print; next }
  /^[ \\t]/ { if (on) print; next }
  { name = $0; sub(/[ \\t]*[=:].*/, "", name); on = (name in wanted); if (on) print }
' > "$work/nova.conf"

host=$(awk '
  /^\\[/ { inside = ($0 ~ /^\\[DEFAULT\\]/) }
  inside && /^host[ \\t]*[=:]/ { sub(/^host[ \\t]*[=:][ \\t]*/, ""); print }
' "$work/nova.conf" 2> /dev/null | tail -n 1)
[ -n "$host" ] || host=$(hostname)
case $host in */* | .*) echo "the name of this host cannot be a folder: $host" >&2; exit 1 ;; esac

facts="$work/$host"
mkdir -p "$facts/domains" "$facts/nodedev" || exit 1
[ -f "$work/nova.conf" ] && mv "$work/nova.conf" "$facts/nova.conf"

ask "$facts/virsh-capabilities.xml" $VIRSH -r capabilities
ask "$facts/virsh-version.txt" $VIRSH -r version
ask "$facts/virsh-list-all.txt" $VIRSH -r list --all
ask "$facts/virsh-nodedev-list-pci.txt" $VIRSH -r nodedev-list --cap pci
ask "$facts/numactl-hardware.txt" numactl --hardware
ask "$facts/lscpu-p.txt" lscpu -p=CPU,CORE,SOCKET,NODE
ask "$facts/lscpu.json" lscpu -J
grep -H . /sys/devices/system/node/node*/hugepages/hugepages-*/nr_hugepages \\
  /sys/devices/system/node/node*/hugepages/hugepages-*/free_hugepages \\
  > "$facts/hugepages-sysfs.txt" 2> /dev/null || rm -f "$facts/hugepages-sysfs.txt"

# which options were asked for: those that are not in nova.conf are not set
echo 2 > "$facts/planner-facts.txt"

{
  echo "kernel $(uname -r)"
  dpkg-query -W -f '\${Package} \${Version}\\n' nova-compute qemu-system-x86 qemu-system-arm libvirt-daemon
  rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE}\\n' openstack-nova-compute qemu-kvm-core libvirt-daemon
} 2> /dev/null | grep '^[a-z0-9-]* [0-9]' > "$facts/versions.txt"

if clock=$(timedatectl show -p NTPSynchronized --value 2> /dev/null) && [ -n "$clock" ]; then
  echo "synchronized $clock" > "$facts/clock.txt"
elif clock=$(chronyc -n tracking 2> /dev/null); then
  case $clock in *'Leap status     : Normal'*) clock=yes ;; *) clock=no ;; esac
  echo "synchronized $clock" > "$facts/clock.txt"
fi

# who logs in where for cold migrations: fingerprints of public keys and names of hosts, never a key
[ -n "\${NOVA_HOME:-}" ] || NOVA_HOME=$(getent passwd nova 2> /dev/null | cut -d: -f6)
if [ -n "\${NOVA_HOME:-}" ] && command -v ssh-keygen > /dev/null; then
  {
    for key in "$NOVA_HOME"/.ssh/id_* /etc/nova/migration/identity; do
      [ -r "$key" ] && ssh-keygen -l -f "$key" < /dev/null | awk '{ print "offers " $2 }'
    done | sort -u
    [ -r "$NOVA_HOME/.ssh/authorized_keys" ] &&
      ssh-keygen -l -f "$NOVA_HOME/.ssh/authorized_keys" < /dev/null | awk '{ print "accepts " $2 }'
    cat "$NOVA_HOME/.ssh/known_hosts" /etc/ssh/ssh_known_hosts | awk '
      /^[ \\t]*(#|@revoked|$)/ { next }
      /^[|]1[|]/ { hashed++; next }
      { n = split($1, names, ","); for (i = 1; i <= n; i++) print "knows " names[i] }
      END { print "hashed " hashed + 0 }'
    cat "$NOVA_HOME/.ssh/config" /etc/ssh/ssh_config | awk '
      tolower($1) == "stricthostkeychecking" { print "checks-host-keys " tolower($2); exit }'
  } > "$facts/ssh.txt" 2> /dev/null
fi

if [ -f "$facts/virsh-list-all.txt" ]; then
  $VIRSH -r list --all --name < /dev/null 2> /dev/null | while read -r name; do
    case $name in '' | */* | .*) continue ;; esac
    mkdir -p "$facts/domains/$name"
    ask "$facts/domains/$name/dumpxml.xml" $VIRSH -r dumpxml "$name"
  done
fi
if [ -f "$facts/virsh-nodedev-list-pci.txt" ]; then
  while read -r name; do
    case $name in pci_*[!0-9a-z_]* | '') continue ;; esac
    ask "$facts/nodedev/$name.xml" $VIRSH -r nodedev-dumpxml "$name"
  done < "$facts/virsh-nodedev-list-pci.txt"
fi

tar -c -C "$work" "$host"
`;

/** The same for many hosts: a playbook that runs the script and fetches each archive into \`host-facts/\`. */
export const factsPlaybook =
  (): string => `# Gathers the facts of compute hosts into host-facts/ beside this file; nothing is changed on them.
#   ansible-playbook -i INVENTORY planner-facts.yml -l COMPUTE_HOSTS
- name: Facts of compute hosts for planner
  hosts: all
  gather_facts: false
  become: true
  tasks:
    - name: A place for the archive
      ansible.builtin.tempfile:
        suffix: .planner.tar
      register: archive
      changed_when: false
    - name: Gather, read only
      ansible.builtin.shell:
        executable: /bin/sh
        cmd: |
          {% raw %}
          exec > "$PLANNER_ARCHIVE"
${factsScript()
  .split('\n')
  .map((line) => (line === '' ? '' : `          ${line}`))
  .join('\n')
  .trimEnd()}
          {% endraw %}
      environment:
        PLANNER_ARCHIVE: "{{ archive.path }}"
      changed_when: false
    - name: Fetch
      ansible.builtin.fetch:
        src: "{{ archive.path }}"
        dest: "{{ playbook_dir }}/host-facts/.{{ inventory_hostname }}.tar"
        flat: true
      changed_when: false
    - name: Unpack here
      ansible.builtin.command:
        cmd: tar -x -f "{{ playbook_dir }}/host-facts/.{{ inventory_hostname }}.tar" -C "{{ playbook_dir }}/host-facts"
      delegate_to: localhost
      become: false
      changed_when: false
    - name: Remove the archive
      ansible.builtin.file:
        path: "{{ archive.path }}"
        state: absent
      changed_when: false
`;
