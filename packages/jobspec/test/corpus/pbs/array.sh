#!/bin/bash
#PBS -N shards
#PBS -J 1-50:2
#PBS -l select=1:ncpus=1:mem=2gb
#PBS -l walltime=0:20:00
#PBS -o out/^array_index^.log
#PBS -r y
./shard.sh $PBS_ARRAY_INDEX
