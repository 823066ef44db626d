#!/bin/bash
# Builds the image and checks it on a Debian machine that has no Docker engine and reaches no image registry. Run it as root.
#
# The base image is made here, by debootstrap from the mirror that apt uses. The server then runs in the container without a network, is
# asked to summarise a seed article, must answer as the in-process pipeline does, write nothing, and stop on SIGTERM with status 0.
set -euo pipefail

state=${STATE:-/var/tmp/svodka-image} # images and the base; a second run starts from what is there
seed=${SEED:-army-2023.en}
start_seconds=${START_SECONDS:-60}
suite=bookworm
base=localhost/svodka-base:$suite
image=localhost/svodka:check
repository=$(cd "$(dirname "$0")/.." && pwd)
work=

main() {
    mkdir -p "$state"
    if [[ ${1:-} == --within-network-of-its-own ]]; then
        check_container
        return
    fi
    install_tools
    container_exists "$base" || make_base
    build_image
    unshare --net "$0" --within-network-of-its-own
}

say() { printf '== %s\n' "$*" >&2; }

fail() {
    say "FAILED: $*"
    exit 1
}

run_buildah() { buildah --storage-driver vfs --root "$state/storage" --runroot "$state/run" "$@"; }

container_exists() { run_buildah inspect --type image "$1" >/dev/null 2>&1; }

install_tools() {
    command -v buildah debootstrap >/dev/null && return
    say "installing buildah and debootstrap"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends buildah debootstrap >/dev/null
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
    run_buildah bud --isolation chroot --format docker --layers --build-arg "BASE_IMAGE=$base" \
        --build-arg "REVISION=$(git -C "$repository" rev-parse HEAD 2>/dev/null || echo unknown)" \
        "${volumes[@]}" --secret "id=pip.conf,src=$state/pip.conf" --tag "$image" "$repository" >"$state/build.log" 2>&1 ||
        { tail -n 40 "$state/build.log" >&2; fail "the build"; }
    say "built in $((SECONDS - begin)) s: $(run_buildah images --format '{{.Size}}' "$image")"
}

in_container() { run_buildah run --isolation chroot --volume "$work:/check" "$container" -- "$@"; }

check_container() {
    ip link set lo up
    work=$(mktemp -d)
    chmod 777 "$work"
    container=$(run_buildah from --pull-never "$image")
    trap 'run_buildah rm "$container" >/dev/null; rm -rf "$work"' EXIT
    cp "$repository/seeds/$seed.txt" "$work/article.txt"
    touch "$work/begin"

    local begin server
    begin=$(date +%s%N)
    # shellcheck disable=SC2016 # for the shell in the container
    in_container sh -c 'echo $$ >/check/pid && exec svodka serve' 2>"$work/server.log" &
    server=$!
    wait_for_serving "$begin"

    in_container svodka summarize --target 127.0.0.1:50051 --json /check/article.txt >"$work/served.json" || fail "the request"
    in_container svodka summarize --json /check/article.txt >"$work/in-process.json" || fail "the in-process run"
    same_answer "$work/served.json" "$work/in-process.json"
    stop_server "$server"
    wrote_nothing
    say "the container answers $seed as the in-process pipeline does, writes nothing and stops on SIGTERM"
}

wait_for_serving() {
    # shellcheck disable=SC2016 # for the shell in the container
    in_container timeout "$start_seconds" sh -c 'until svodka health; do sleep 0.1; done' >/dev/null 2>&1 ||
        { cat "$work/server.log" >&2; fail "not SERVING after $start_seconds s"; }
    say "SERVING after $((($(date +%s%N) - $1) / 1000000)) ms, the health command's own start included"
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
    kill -TERM "$(cat "$work/pid")"
    wait "$1" || status=$?
    ((status == 0)) || { cat "$work/server.log" >&2; fail "the server's exit status is $status"; }
}

wrote_nothing() {
    local written
    written=$(find "$(run_buildah mount "$container")" -xdev -newer "$work/begin" -type f ! -path '*/etc/hosts' ! -path '*/etc/resolv.conf')
    [[ -z $written ]] || fail "files were written: $written"
}

main "$@"
