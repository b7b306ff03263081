# What the tests of completion share; sourced by bash with $HASIM set.

here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
mkdir folder
touch one.conf two.conf
wrong=0

# holds LINE WANTED GOT: whether what a shell offers for LINE is what is wanted; both are words in any order.
holds() {
  local wanted got
  wanted=$(printf '%s\n' $2 | sort)
  got=$(printf '%s\n' $3 | sort)
  if [ "$wanted" != "$got" ]; then
    echo "$1: wanted '$2', got '$3'" >&2
    wrong=$((wrong + 1))
  fi
}

# offers LINE WORD...: among what complete_line prints for LINE is every one of these words.
offers() {
  local line=$1 got word
  shift
  got=$(complete_line "$line")
  for word in "$@"; do
    case " $(echo $got) " in
      *" $word "*) ;;
      *) echo "$line: '$word' is not offered, but '$(echo $got)'" >&2; wrong=$((wrong + 1)) ;;
    esac
  done
}

# offers_exactly LINE [WORD...]: these and nothing else.
offers_exactly() {
  local line=$1
  shift
  holds "$line" "$*" "$(complete_line "$line")"
}

# What every shell must know. `complete_line LINE` is the shell's own.
common_checks() {
  offers 'hasim ' run exec conf log corpus help completion man
  offers_exactly 'hasim to' topology
  offers_exactly 'hasim conf ' check set show unset
  offers_exactly 'hasim log st' stats
  offers 'hasim corpus ' verify
  offers 'hasim corpus --' --out --shard --profile --help
  offers_exactly 'hasim help conf c' check
  offers_exactly 'hasim run --st' --stamp --stay
  offers_exactly 'hasim run --stamp ' note ctime
  offers_exactly 'hasim run --virtual --color ' auto always never
  offers 'hasim run --conf ' one.conf two.conf
  offers 'hasim --conf ' one.conf two.conf
  offers_exactly 'hasim conf check o' one.conf
  offers_exactly 'hasim run --log-dir fo' "${directory_offered:-folder}"
  offers_exactly 'hasim corpus --profile qu' quiet-year
  offers 'hasim ctl ' status list cable heal
  offers_exactly 'hasim completion ' bash zsh fish
  offers 'hasim exec -- tru' true
  offers_exactly 'hasim run --seed '
  # Every command and every option that the help names.
  local name options all=0
  while read -r name; do
    options=$("$HASIM" help $name | sed -n '/^options:/,$s/^  \(-[^ ]*\).*/\1/p')
    case $name in
      *' '*) offers "hasim ${name% *} " "${name#* }" ;;
      *) offers 'hasim ' "$name" ;;
    esac
    offers "hasim $name -" $options
    all=$((all + $(echo $options | wc -w)))
  done < <("$HASIM" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]\+\)\( [a-z]\+\)\?  .*/\1\2/p')
  if [ $all -lt 150 ]; then
    echo "the help names hardly any option ($all): this test does not read it right" >&2
    wrong=$((wrong + 1))
  fi
}

report() {
  if [ $wrong -ne 0 ]; then echo "$wrong wrong"; exit 1; fi
  echo "completion holds"
}
