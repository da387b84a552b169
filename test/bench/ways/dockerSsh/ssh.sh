#!/bin/sh
# `ssh` for whose home is $HOME, which OpenSSH itself does not look at. It stands in the first folder of PATH.
PATH=${PATH#*:} exec ssh -F "$HOME/.ssh/config" "$@"
