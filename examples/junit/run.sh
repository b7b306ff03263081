#!/bin/sh
# Compiles the tests of this folder and runs them, with what Debian's package junit5 has. In a project with Maven or Gradle
# they are sources in src/test/java, and junit-jupiter is their one dependency.
# usage: run.sh      the program is $HASIM, or hasim on PATH
set -eu

here=$(cd "$(dirname "$0")" && pwd)
HASIM_CONF=${HASIM_CONF:-$here/../../config/Chrystoki.conf}
export HASIM_CONF

jars=$(printf '/usr/share/java/%s.jar:' junit-jupiter-api junit-jupiter-engine junit-platform-commons junit-platform-console \
  junit-platform-engine junit-platform-launcher junit-platform-reporting opentest4j opentest4j-reporting-events \
  apiguardian-api picocli)
folder=$(mktemp -d)
mkdir "$folder/classes" "$folder/tmp"
java=
end() {
  if [ -n "$java" ]; then
    kill "$java" 2>/dev/null || true # the JVM ends its hasims
    wait "$java" || true
  fi
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

javac -Xlint:all,-path,-processing -cp "$jars" -d "$folder/classes" "$here"/*.java
java -Djava.io.tmpdir="$folder/tmp" -cp "$folder/classes:$jars" org.junit.platform.console.ConsoleLauncher \
  --select-class OutageTest --fail-if-no-tests --disable-banner --disable-ansi-colors &
java=$!
wait "$java"
