# Prints what zsh would offer for a line, one word a line: it is completed by a zsh of its own, on a pseudo terminal.
# usage: zsh -f capture.zsh FUNCTIONS LINE

# This part is read by that zsh: $CAPTURE_LINE is completed as soon as there is a prompt.
if [[ -n $CAPTURE_LINE ]]; then
  fpath=($CAPTURE_FUNCTIONS $fpath)
  autoload -Uz compinit && compinit -u -C -d $CAPTURE_FUNCTIONS/dump
  compadd() {
    # With these it only sorts words into arrays, for the functions that called it.
    if [[ -z ${(M)@[1,(i)(-|--)]:#-[OAD]} ]]; then
      local -a matching
      builtin compadd -A matching "$@"
      print -rl -- $matching >>$CAPTURE_OUT
    fi
    builtin compadd "$@"
  }
  zle -C capture-list .list-choices _main_complete
  zle-line-init() {
    BUFFER=$CAPTURE_LINE CURSOR=$#CAPTURE_LINE
    zle capture-list
    print >$CAPTURE_OUT.done
    BUFFER=exit
    zle .accept-line
  }
  zle -N zle-line-init
  return
fi

zmodload zsh/zpty
export CAPTURE_FUNCTIONS=$1 CAPTURE_OUT=$(mktemp) CAPTURE_LINE=$2
zpty shell "zsh -f -i"
zpty -w shell "source ${(q)0:a}"
said=
until [[ -e $CAPTURE_OUT.done ]] || (( SECONDS > 60 )); do
  zpty -r -t shell piece && said+=$piece || sleep 0.02
done
[[ -e $CAPTURE_OUT.done ]] || print "zsh did not answer, but said: $said" >&2
zpty -d shell
sort -u $CAPTURE_OUT | grep .
rm -f $CAPTURE_OUT $CAPTURE_OUT.done
