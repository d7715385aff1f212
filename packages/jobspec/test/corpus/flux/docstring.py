#!/usr/bin/env python3
def main():
    """
    flux: -n4
    flux: --queue=debug
    flux: --setattr=user.conf='''
    flux: [config]
    flux:   item = "foo"
    flux: '''
    """
    run()
