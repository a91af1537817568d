# shellcheck shell=bash
# What the machine must give: rights, namespaces, a network, packages. Part of `cluster`.

# Whether there may be hosts here. What is missing but can be installed is no obstacle.
check() {
    check_rights
    if command -v ip >/dev/null; then
        check_network
    elif ! command -v apt-get >/dev/null; then
        fail "this machine has no command \`ip\` (package iproute2), and no apt-get to install it"
    fi
    [[ -x /usr/sbin/sshd ]] || command -v apt-get >/dev/null ||
        fail "this machine has no /usr/sbin/sshd (package openssh-server), and no apt-get to install it"
}

check_rights() {
    ((EUID == 0)) || fail "hosts are made of namespaces, which only root may make: run this as root"
    local reason
    reason=$(unshare -n -u -i -m -p --fork mount -t tmpfs tmpfs /tmp 2>&1) ||
        fail "this machine gives root no namespaces ($reason); a container must be a privileged one"
}

check_network() {
    local reason
    reason=$(unshare -n sh -ec 'ip link add br0 type bridge; ip link add e0 type veth peer name p0' 2>&1) ||
        fail "this kernel makes no bridge or no pair of interfaces ($reason)"
}

missing=()

# need PACKAGE PROBE...: PACKAGE is missing where PROBE fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

base_packages() {
    need iproute2 command -v ip
    need openssh-server test -x /usr/sbin/sshd
    need openssh-client command -v ssh
    need python3 command -v python3
    install_missing
}

# Debian starts the services that it installs, but these are to run on the hosts only: policy-rc.d forbids it.
install_missing() {
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || fail "this machine lacks ${missing[*]}, and has no apt-get to install it"
    echo "cluster: installs ${missing[*]}" >&2
    local policy=/usr/sbin/policy-rc.d ours='' result=0
    if [[ ! -e $policy ]]; then
        ours=yes
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    { apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}"; } \
        >"$state/apt.log" 2>&1 </dev/null 9<&- || result=$?
    [[ -z $ours ]] || rm "$policy"
    ((result == 0)) || fail "cannot install ${missing[*]}: $(tail -n 5 "$state/apt.log")"
    missing=()
}
export DEBIAN_FRONTEND=noninteractive
