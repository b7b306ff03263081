# CHANGELOG.md in the form of debian/changelog: an entry a heading, an item a paragraph, 78 columns. "Unreleased" is the
# version that is built.

function flush_item(    words, count, i, line) {
  if (item == "") return
  count = split(item, words, " ")
  line = "  *"
  for (i = 1; i <= count; ++i) {
    if (length(line) + 1 + length(words[i]) > 78) {
      print line
      line = "   "
    }
    line = line " " words[i]
  }
  print line
  item = ""
}

function end_entry() {
  flush_item()
  if (inside) printf "\n -- %s  %s\n", maintainer, date
}

/^## / {
  end_entry()
  if (inside) print ""
  printf "hasim (%s) unstable; urgency=medium\n\n", $2 == "Unreleased" ? version : $2
  inside = 1
  next
}
inside && /^- / { flush_item(); item = substr($0, 3); next }
inside && item != "" { item = item " " $0 }
END { end_entry() }
