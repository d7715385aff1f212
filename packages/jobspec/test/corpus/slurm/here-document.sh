#!/bin/bash
#SBATCH --ntasks=1
cat > nested.sh <<'EOS'
#!/bin/bash
#SBATCH --ntasks=99
#PBS -l nodes=99
echo nested
EOS
sbatch nested.sh
