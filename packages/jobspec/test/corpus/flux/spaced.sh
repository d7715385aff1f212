#!/bin/sh
# flux: -N1
# Set the name of the job:
# flux: --job-name='It is a "job"'
# flux: -t 30                 # minutes
# flux: --begin-time=+1h --urgency=20
# flux: --signal=USR2@5m

echo hello from $FLUX_ENCLOSING_ID
# flux: --queue=late
