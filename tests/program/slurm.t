#!/bin/sh
# SPDX-License-Identifier: MIT
#
# slurm.t - a batch of 20 images through a real Slurm, one node of which loses
# its power in the middle: the merged case is that of one machine
#
# One controller and two nodes on this machine, without systemd.
. tests/program/lib.sh

missing=
for c in slurmctld slurmd sbatch squeue sinfo munged; do
	command -v $c >/dev/null || missing="$missing $c"
done
[ "$(id -u)" = 0 ] || missing="$missing root"
[ -z "$missing" ] || {
	echo "1..0 # SKIP no Slurm: this machine has no$missing"
	exit 0
}

# ---------------------------------------------------------------- the cluster

dir=$tmp/slurm
mkdir -p "$dir/state"
base=$((20000 + $$ % 10000 * 3))
SLURM_CONF=$dir/slurm.conf
export SLURM_CONF
cat >"$SLURM_CONF" <<END
ClusterName=efstest
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool.%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.%n.log
SlurmctldPort=$base
SlurmdPort=$((base + 1))
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/jobcomp.txt
ReturnToService=2
JobRequeue=1
RequeueExit=75
SlurmdTimeout=10
KillWait=2
MaxArraySize=100001
MaxJobCount=100000
SlurmdParameters=config_overrides
NodeName=n[1-2] NodeHostname=$(uname -n) NodeAddr=127.0.0.1 Port=[$((base + 1))-$((base + 2))] CPUs=2 State=UNKNOWN
PartitionName=batch Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
END

tree() { # PID: it and all below it
	echo "$1"
	for p in $(ps -o pid= --ppid "$1"); do tree "$p"; done
}

# What has the log of a daemon open is that daemon: of a node, with the daemon of
# each task, which is no child of it.  With all below them.
daemon() { # NAME
	for p in $(find /proc/[0-9]*/fd -lname "$dir/$1.log" 2>/dev/null |
		cut -d / -f 3 | sort -u); do
		tree "$p"
	done | sort -u
}

signal() { # SIGNAL DAEMON
	# shellcheck disable=SC2046 # a list of numbers
	kill "-$1" $(daemon "$2") 2>/dev/null
}

stop() {
	signal KILL slurmd.n1
	signal KILL slurmd.n2
	signal KILL slurmctld
	signal KILL munged
	rm -rf "$tmp"
}
trap stop EXIT

# A client of Slurm that meets no controller tries for nine seconds.
squeue() { timeout 20 squeue "$@"; }

# A daemon of its own keeps the keys of the cluster: one of this machine may be
# gone, and have left its socket.  --force: $tmp is open to nobody else.
dd if=/dev/urandom of="$dir/munge.key" bs=128 count=1 2>/dev/null
chmod 600 "$dir/munge.key"
munged --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" \
	--pid-file="$dir/munged.pid" --log-file="$dir/munged.log" \
	--seed-file="$dir/munge.seed" 2>/dev/null
slurmctld -f "$SLURM_CONF"
for node in n1 n2; do slurmd -f "$SLURM_CONF" -N $node; done
end=$(($(date +%s) + 60))
until [ "$(timeout 20 sinfo -h -N -o '%N %T' 2>/dev/null | tr '\n' ' ')" = \
	'n1 idle n2 idle ' ] || [ "$(date +%s)" -gt $end ]; do
	sleep 0.2
done
is "$(timeout 20 sinfo -h -N -o '%N %T' | tr '\n' ' ')" 'n1 idle n2 idle ' \
	'the cluster is there'
[ "$(date +%s)" -le $end ] || {
	tail -n 5 "$dir"/*.log | sed 's/^/# /'
	done_testing
	exit 1
}

# ------------------------------------------------------------------ the batch

# Words that open nothing keep a task at work for some seconds.
for i in $(seq 40); do echo "not this word, $i"; done >"$tmp/words"
mkdir "$tmp/lab"
for i in $(seq 20); do
	case $((i % 4)) in
	0) image=five-bare ;;
	1) image=five ;;
	2) image=basic ;;
	3) image=chain-bare ;;
	esac
	ln -s "$images/$image.img" "$tmp/lab/$i.dd"
done
set -- --pfx "$keys/agent.pfx" --password-file "$pw" \
	--password-file "$tmp/words" --password-file "$profiles/words.txt" \
	"$tmp"/lab/*
"$efsleuth" batch -q -j 2 -o "$tmp/one" "$@" >/dev/null 2>&1
is $? 1 'on one machine'
run batch --slurm --slurm-options '--comment="a test" --nice=1' \
	-o "$tmp/many" "$@"
is $rc 0 '--slurm: exit status'
says 'Slurm has the jobs: keys' '--slurm: says which jobs'
merge=$(sed -n 's/.*, merge \([0-9]*\);.*/\1/p' "$tmp/err")
squeue -h -o '%j %k' | sort -u >"$tmp/queue"
is "$(grep -c 'a test' "$tmp/queue")" 3 '--slurm-options are handed on'

# How many images are at work on the first node, with no result yet.
unfinished() {
	squeue -h -r -t R -w n1 -o '%j %K' | sed -n 's/^efsleuth-image //p' |
		while read -r k; do
			label=$(printf '%s\n' "$tmp"/lab/* | sed -n "${k}p")
			[ -e "$tmp/many/images/${label##*/}/batch.ini" ] ||
				echo "$label"
		done | wc -l
}

# The power of one node goes when it is at work: it is held for a moment, so that
# what is seen of it stays true.
cut=0
for i in $(seq 1000); do
	if [ "$(find "$tmp/many/images" -name batch.ini 2>/dev/null | wc -l)" \
		-ge 1 ] && [ "$(unfinished)" -gt 0 ]; then
		signal STOP slurmd.n1
		sleep 0.5
		cut=$(unfinished)
		[ "$cut" = 0 ] || break
		signal CONT slurmd.n1
	fi
	[ -n "$(squeue -h)" ] || break
	sleep 0.05
done
echo "# $cut images are cut off"
signal KILL slurmd.n1
sleep 0.1
is "$(daemon slurmd.n1)" '' 'nothing of that node is left'
for i in $(seq 1200); do
	[ -n "$(squeue -h -j "$merge" 2>/dev/null)" ] || break
	sleep 0.2
done
sinfo -h -N -o '# %N %T'
# Where Slurm was too quick to be met, nothing is proved by what follows.
if [ "$cut" -gt 0 ]; then
	grep -q 'requeue' "$dir/slurmctld.log"
	ok $? 'images were cut off, and put into the queue again'
else
	skip 'images were cut off, and put into the queue again' 'they had ended'
fi
[ -f "$tmp/many/case.db" ]
ok $? 'the merge was done'

facts() { # DIR
	sqlite3 "$1/case.db" "SELECT evidence, volume, mft, path, stream, size,
		status, reason, opened_key, output, sha256 FROM file
		ORDER BY evidence, volume, mft, path, stream"
	sqlite3 "$1/case.db" "SELECT type, key_id, sid, source, state,
		unlocked_by, opens FROM key ORDER BY type, key_id, source"
	sqlite3 "$1/case.db" 'SELECT name, path, format, size, reason
		FROM evidence ORDER BY name'
	(cd "$1" && find images -path '*/files/*' -type f -exec sha256sum {} +) |
		sort
	cut -d, -f1-5 "$1/batch.csv"
}
facts "$tmp/one" >"$tmp/facts1"
facts "$tmp/many" >"$tmp/facts2"
[ -s "$tmp/facts1" ]
ok $? 'there is something to compare'
diff "$tmp/facts1" "$tmp/facts2" >"$tmp/diff"
ok $? 'the merged case is that of one machine'
head -n 20 "$tmp/diff" | sed 's/^/# /'
is "$(find "$tmp/many" -name '*.pem')" '' 'no key is left'

# A second time there is nothing to do, and Slurm is told so.
run batch --slurm --resume -o "$tmp/many" "$@"
says 'keys none, images none' 'twice: no image is in a job'
run batch --slurm -o "$tmp/many" "$@"
is $rc 5 'without --resume: refused'
env PATH=/nonexistent "$efsleuth" batch --slurm -o "$tmp/none" "$@" 2>"$tmp/err"
is $? 2 'no sbatch: exit status'
says '--print-tasks' 'no sbatch: what to do'
done_testing
