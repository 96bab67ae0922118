#!/bin/sh
# A package's own start-up would run unsupervised, and not come back with the next start of the VPS.
exit 101
