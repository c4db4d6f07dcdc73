# Types lines at a real zsh with the completion that stands in ./zsh, presses Tab after each, and prints what they become.
zmodload zsh/zpty || exit 1
zpty shell zsh -f -i
zpty -w shell "module_path=($module_path); fpath=($fpath); PS1=; PS2=; autoload -Uz compinit; compinit -u -D; source ./zsh
tell() { print -r -- \"<\$BUFFER>\"; BUFFER=''; }; zle -N tell; bindkey '^I' complete-word; bindkey '^X' tell; print ready-\$((1 + 1))"
zpty -r -m shell out '*ready-2*'
for line in $lines_to_complete; do
  zpty -w -n shell "$line"$'\t\x18'
  zpty -r -m shell out '*<*>*'
  print -r -- "$out" | tr -d '\r' | grep -o '<.*>'
done
zpty -d shell
