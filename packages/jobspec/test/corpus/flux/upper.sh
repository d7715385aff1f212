#!/bin/bash
#FLUX: -n 8
#FLUX: --dependency=afterok:f7Xw2 --dependency=afterok:f8Yz3
#FLUX: --dependency=singleton
#FLUX: --dependency=afterexcept:f9
#FLUX: --setattr=system.policy="""{"preempt": false}"""
#FLUX: --conf=resource.rediscover=true
#FLUX: --time-limit=90s
flux submit --cc=1-100 ./one
