#!/bin/bash
# Builds the image and checks it on a Debian machine that has no Docker engine and reaches no image registry. Run it as root.
#
# The base image is made here, by debootstrap from the mirror that apt uses. The server then runs in the container without a network, is
# asked to summarise a seed article, must answer as the in-process pipeline does, and stop on SIGTERM with status 0. Its file system is
# read-only but for what Docker leaves writable in a read-only container.
set -euo pipefail

state=${STATE:-/var/tmp/svodka-image} # images and the base; a second run starts from what is there
seed=${SEED:-army-2023.en}
extras=${EXTRAS:-embedded}
start_seconds=${START_SECONDS:-60}
suite=bookworm
base=localhost/svodka-base:$suite
image=localhost/svodka:check
repository=$(cd "$(dirname "$0")/.." && pwd)
container=
root=
user=
environment=()

main() {
    mkdir -p "$state"
    if [[ ${1:-} == --inside ]]; then
        check_container "$2"
        return
    fi
    install_tools
    container_exists "$base" || make_base
    build_image
    container=$(run_buildah from --pull-never "$image")
    trap 'run_buildah rm "$container" >/dev/null' EXIT
    unshare --net --mount --pid --fork --kill-child "$0" --inside "$container"
}

say() { printf '== %s\n' "$*" >&2; }

fail() {
    say "FAILED: $*"
    exit 1
}

run_buildah() { buildah --storage-driver vfs --root "$state/storage" --runroot "$state/run" "$@"; }

container_exists() { run_buildah inspect --type image "$1" >/dev/null 2>&1; }

install_tools() {
    buildah --version >/dev/null 2>&1 && debootstrap --version >/dev/null 2>&1 && ip -V >/dev/null 2>&1 && return
    say "installing buildah, debootstrap and iproute2"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends buildah debootstrap iproute2 >/dev/null
}

make_base() {
    local mirror root="$state/base"
    # shellcheck disable=SC2016 # the dollars are apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" 'Component: main' | head -n 1)
    say "making $base"
    rm -rf "$root"
    debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates "$suite" "$root" "$mirror" >"$state/debootstrap.log"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    local container mount
    container=$(run_buildah from scratch)
    mount=$(run_buildah mount "$container")
    cp -a "$root/." "$mount/"
    run_buildah commit --quiet --rm "$container" "$base" >/dev/null
    rm -rf "$root"
}

build_image() {
    local begin=$SECONDS path volumes=(--volume /etc/ssl/certs:/etc/ssl/certs:ro)
    while read -r path; do
        [[ $path == /etc/ssl/certs/* ]] || volumes+=(--volume "$path:$path:ro")
    done < <(python3 "$repository/deploy/pip-settings.py" "$state/pip.conf")
    say "building $image"
    run_buildah bud --isolation chroot --format docker --no-cache --force-rm --build-arg "BASE_IMAGE=$base" --build-arg "EXTRAS=$extras" \
        --build-arg "REVISION=$(git -C "$repository" rev-parse HEAD 2>/dev/null || echo unknown)" \
        "${volumes[@]}" --secret "id=pip.conf,src=$state/pip.conf" --tag "$image" "$repository" >"$state/build.log" 2>&1 ||
        { tail -n 40 "$state/build.log" >&2; fail "the build"; }
    run_buildah rmi --prune >/dev/null 2>&1 || true # the last build's
    say "built in $((SECONDS - begin)) s: $(run_buildah images --format '{{.Size}}' "$image")"
}

check_container() {
    local begin server
    mount_container "$1"
    ip link set lo up

    begin=$(date +%s%N)
    exec_in_container svodka serve 2>"$state/server.log" &
    server=$!
    wait_for_serving "$server"
    say "SERVING after $((($(date +%s%N) - begin) / 1000000)) ms, the health command's own start included"
    say "the server's memory: $(awk '/VmRSS/ { print int($2 / 1024) }' "$root/proc/$server/status") MiB"

    in_container svodka summarize --target 127.0.0.1:50051 --json - <"$repository/seeds/$seed.txt" >"$state/served.json" || fail "the request"
    in_container svodka summarize --json - <"$repository/seeds/$seed.txt" >"$state/in-process.json" || fail "the in-process run"
    same_answer "$state/served.json" "$state/in-process.json"
    stop_server "$server"
    say "the container answers $seed as the in-process pipeline does, and stops on SIGTERM"
}

mount_container() {
    root=$(run_buildah mount "$1")
    user=$(run_buildah inspect --format '{{.OCIv1.Config.User}}' "$1")
    mapfile -t environment < <(run_buildah inspect --format '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' "$1")
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    mount --bind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    mount -t proc proc "$root/proc"
}

in_container() { (exec_in_container "$@"); }

# Becomes the command, so that a signal to the job reaches it.
exec_in_container() { exec chroot --userspec="$user" "$root" env -i "${environment[@]}" "$@"; }

wait_for_serving() {
    local deadline=$((SECONDS + start_seconds))
    until in_container svodka health >/dev/null 2>&1; do
        kill -0 "$1" 2>/dev/null || show_log_and_fail "the server ended"
        ((SECONDS < deadline)) || show_log_and_fail "not SERVING after $start_seconds s"
        sleep 0.1
    done
}

show_log_and_fail() {
    cat "$state/server.log" >&2
    fail "$@"
}

same_answer() {
    python3 - "$@" <<'PYTHON' || fail "the container's answer differs"
import json, sys

served, in_process = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
for answer in (served, in_process):
    for differing in ("requestId", "elapsed"):
        answer.pop(differing, None)
if not served.get("summaries"):
    sys.exit("there is no summary")
if served != in_process:
    sys.exit("\n".join(f"{key}:\n  {served.get(key)}\n  {in_process.get(key)}" for key in served | in_process if served.get(key) != in_process.get(key)))
PYTHON
}

stop_server() {
    local status=0
    kill -TERM "$1"
    wait "$1" || status=$?
    ((status == 0)) || show_log_and_fail "the server's exit status is $status"
}

main "$@"
