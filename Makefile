# SPDX-License-Identifier: MIT
#
# `make help` lists the targets.
#
#	V=1                        show commands
#	SAN=address,undefined      sanitized build, in its own directory
#	CORPUS=DIR                 real samples for the tests that use them
#	CC, CFLAGS, LDFLAGS ...    honoured, and applied last
#	PREFIX, DESTDIR ...        as in every other Makefile

PROG	:= efsleuth
VERSION	:= 0.1.0

MAKEFLAGS += -rR
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

ifneq ($(filter default undefined,$(origin CC)),)
CC	:= cc
endif
ifneq ($(filter default undefined,$(origin AR)),)
AR	:= ar
endif
CLANG	?= clang
INSTALL	?= install
PKG_CONFIG ?= pkg-config
PREFIX	?= /usr/local
BINDIR	?= $(PREFIX)/bin
MANDIR	?= $(PREFIX)/share/man

# The plain build is build/efsleuth; every other has a directory of its own.
comma	:= ,
B	:= build$(if $(SAN),/$(subst $(comma),+,$(SAN)))

# ------------------------------------------------------------------ flags

try = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null \
	&& echo $(1))

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
	-Wmissing-prototypes -Wstrict-prototypes -Wimplicit-fallthrough \
	-Wswitch-enum $(WERROR)

ifdef SAN
HARDEN = -DSANITIZED -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
LDHARDEN := -fsanitize=$(SAN)
# GLib's own locks mean nothing to this sanitizer.
ifeq ($(SAN),thread)
LOCKS	:= $(B)/tests/thread/glib.o
endif
else
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
	$(call try,-fstack-clash-protection) $(call try,-fcf-protection) \
	$(call try,-ftrivial-auto-var-init=zero)
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
endif

CFLAGS	?= -O2 -g
ALL_CPPFLAGS = -I. -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
	-DVERSION='"$(VERSION)"' $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=c11 $(WARN) $(HARDEN_FLAGS) $(CFLAGS)
ALL_LDFLAGS  = $(LDHARDEN) $(CFLAGS) $(LDFLAGS)

# libewf holds a libbfio of its own, and the first one on the line serves all:
# libewf's does (analyzer/README.md).
IMAGE_PKGS := libewf tsk libbfio libvshadow libarchive liblzma libdeflate

# Targets that compile nothing look for nothing.  So do those that install
# what is missing first: they call this file again.
SETUP	:= check check-crackers check-integer check-memory coverage demo bench \
	fuzz generator hostile
NO_PKG	:= clean format fuzzed help lint uninstall setup-% $(SETUP)
ifneq ($(filter-out $(NO_PKG),$(or $(MAKECMDGOALS),all)),)
pkg = $(or $(shell $(PKG_CONFIG) $(1) $(2)),$(if $(filter --libs,$(1)), \
	$(error cannot build without the development files of: $(2) - \
	`sh tests/setup.sh build` installs them)))
HARDEN_FLAGS := $(HARDEN)
PKG_CFLAGS   := $(patsubst -I%,-isystem %,$(call pkg,--cflags,\
	$(IMAGE_PKGS) glib-2.0 sqlite3 libxml-2.0 jansson libcrypto \
	libseccomp))
RECOVERY_LIBS := $(call pkg,--libs,glib-2.0 sqlite3 libcrypto)
REPORT_LIBS  := $(call pkg,--libs,libxml-2.0 jansson)
SANDBOX_LIBS := $(call pkg,--libs,libseccomp)
# wimlib.pc asks for the development files of FUSE, which nothing needs.
IMAGE_LIBS   := $(foreach p,$(IMAGE_PKGS),$(call pkg,--libs,$(p))) -lwim

# Objects depend on this file; it is rewritten only when the flags change.
FLAGS := $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS)
ifneq ($(FLAGS),$(file <$(B)/flags))
$(shell mkdir -p $(B))
$(file >$(B)/flags,$(FLAGS))
endif
endif

ifneq ($(V),1)
say = @printf '  %-8s%s\n' $(1) $(patsubst $(B)/%,%,$@);
endif

# ---------------------------------------------------------------- sources
#
# Four layers, lowest first.  Each may use those before it, never those after.

LAYERS	:= parsers recovery reports
objs	 = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)/*.c)) $(made-$(1))
made-reports = $(page:=.o)

tests	 = $(patsubst %.c,$(B)/%,$(wildcard tests/$(1)/test_*.c))
TESTS	:= $(foreach l,$(LAYERS) analyzer,$(call tests,$(l)))
# What the tests of a layer share: every other file of their folder.
shared	 = $(patsubst %.c,$(B)/%.o,$(filter-out tests/$(1)/test_%,\
	$(wildcard tests/$(1)/*.c)))
FUZZERS	:= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

all: $(B)/$(PROG) ## build the program

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# The HTML page's style and script become arrays of their lines.
page	:= $(patsubst %,$(B)/reports/html_%,css js)
$(B)/reports/html_css.c: reports/html.css
$(B)/reports/html_js.c: reports/html_row.js reports/html_fold.js reports/html.js
$(page:=.c):
	@mkdir -p $(@D)
	$(call say,EMBED)( \
		echo '#include "reports/html.h"' && \
		echo 'const char *const $(basename $(@F))[] = {' && \
		sed -e 's/[\"?]/\\&/g' -e 's/.*/"&\\n",/' $^ && \
		echo '0 };' ) >$@
$(page:=.o): %.o: %.c $(B)/flags
	$(call say,CC)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

define archive
$$(B)/lib$(1).a: $$(call objs,$(1))
	$$(call say,AR)rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call archive,$(l))))

# A layer's libraries: its own archive, those below it, and what they need.
link = $(call say,LD)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(1) $(LDLIBS)
for-parsers  := $(B)/libparsers.a
for-recovery := $(B)/librecovery.a $(for-parsers)
for-reports  := $(B)/libreports.a $(for-recovery)
ALL_LIBS      = $(IMAGE_LIBS) $(REPORT_LIBS) $(RECOVERY_LIBS) $(SANDBOX_LIBS)

$(B)/$(PROG): $(call objs,analyzer) $(for-reports)
	$(call link,$(ALL_LIBS))

# ------------------------------------------------------------------ tests

# Tests link what their layer may use, so a call upwards does not link.
$(call tests,parsers): %: %.o $(call shared,parsers) $(for-parsers)
	$(call link,-lcmocka)
$(call tests,recovery): %: %.o $(call shared,recovery) $(for-recovery)
	$(call link,-lcmocka $(RECOVERY_LIBS))
$(call tests,reports): %: %.o $(call shared,reports) $(for-reports)
	$(call link,-lcmocka $(REPORT_LIBS) $(RECOVERY_LIBS))
$(call tests,analyzer): %: %.o $(call shared,analyzer) \
		$(filter-out %/main.o,$(call objs,analyzer)) $(for-reports)
	$(call link,-lcmocka $(ALL_LIBS))
# A fuzz target, with its corpus or with libFuzzer.  Those of the analyzer are
# run_*, which patch what bases.sh made, and given_*.
on	 = $(foreach d,replay libfuzzer,$(1:%=$(B)/tests/$(d)/%))
TOPS	:= $(filter run_% given_%,$(FUZZERS))
$(call on,$(filter-out $(TOPS),$(FUZZERS))): $(for-recovery)
$(call on,$(filter run_%,$(TOPS))): $(B)/tests/fuzz/front.o | build/fuzz.made
$(call on,$(TOPS)): $(filter-out %/main.o %/contain.o,$(call objs,analyzer)) \
		$(B)/tests/fuzz/no_contain.o $(for-reports)
$(patsubst %,$(B)/tests/libfuzzer/%,$(filter run_%,$(TOPS))): \
	$(B)/tests/fuzz/mutate_front.o
# Those that repair checksums.
$(patsubst tests/fuzz/fuzz_%.c,$(B)/tests/libfuzzer/%,$(shell grep -l \
	'void fuzz_repair' tests/fuzz/fuzz_*.c)): $(B)/tests/fuzz/mutate.o
fuzz-libs = $(if $(filter $(TOPS),$(@F)),$(ALL_LIBS),$(RECOVERY_LIBS))
$(B)/tests/replay/%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/repair.o \
		$(B)/tests/fuzz/replay.o
	@mkdir -p $(@D)
	$(call link,$(fuzz-libs))
$(B)/tests/libfuzzer/%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/repair.o
	@mkdir -p $(@D)
	$(call link,-fsanitize=fuzzer $(fuzz-libs))

# The image generator shares nothing with the program: own flags, own libraries.
$(B)/tests/generator/%.o: tests/generator/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. \
		-isystem /usr/include/ntfs-3g $(WARN) $(CFLAGS) -MMD -MP \
		-c $< -o $@
$(B)/mkefs: $(call objs,tests/generator)
	$(call say,LD)$(CC) $(CFLAGS) -o $@ $^ -lntfs-3g -lgcrypt
$(B)/efsexport: $(call objs,tests/generator/export) \
		$(B)/tests/generator/names.o $(B)/tests/generator/util.o
	$(call say,LD)$(CC) $(CFLAGS) -o $@ $^ -lntfs-3g
$(B)/efsneeds: $(call objs,tests/generator/needs) \
		$(B)/tests/generator/names.o $(B)/tests/generator/util.o
	$(call say,LD)$(CC) $(CFLAGS) -o $@ $^ -lntfs-3g

# Searches for the circuits of DES's S-boxes; what it found is in recovery/.
$(B)/sbox: $(call objs,tests/generator/sbox)
	$(call say,LD)$(CC) $(CFLAGS) -o $@ $^

# The images are the same for every build of the program.
generator: setup-check
	@$(MAKE) --no-print-directory SAN= build/mkefs build/efsexport \
		build/efsneeds

# The real sample that the images need is in testdata.
build/images.made: build/mkefs build/efsexport build/efsneeds $(wildcard \
		tests/generator/*.sh tests/generator/*.py \
		tests/generator/specs/* testdata/keys/*) \
		$(shell find testdata/profiles -type f ! -path "* *" 2>/dev/null)
	$(call say,IMAGES)CORPUS=testdata MKEFS=build/mkefs \
		EFSEXPORT=build/efsexport EFSNEEDS=build/efsneeds \
		sh tests/generator/make-images.sh build/images
	@touch $@

build/fuzz.made: tests/fuzz/bases.sh tests/fuzz/exfat.pl build/mkefs \
		build/efsexport tests/generator/make-images.sh \
		tests/generator/mkvss.py \
		$(foreach s,tiny chain machine host,tests/generator/specs/$(s).spec)
	$(call say,BASES)sh $< build/fuzz
	@touch $@

# The SHACL validator of tests/program/formats.t, which skips without it.
build/shacl/made: tests/shacl/package-lock.json
	@mkdir -p $(@D) && cp tests/shacl/package*.json tests/shacl/.npmrc $(@D)
	$(call say,NPM)npm ci --prefix $(@D) --ignore-scripts --no-audit \
		--no-fund --silent && touch $@ || echo 'no SHACL validator'
# What drives Chromium in tests/program/html.t, which skips without it.
build/browser/made: tests/browser/package-lock.json
	@mkdir -p $(@D) && cp tests/browser/package*.json $(@D)
	$(call say,NPM)npm ci --prefix $(@D) --ignore-scripts --no-audit \
		--no-fund --silent && touch $@ || echo 'no driver of Chromium'
NPM	:= build/shacl/made build/browser/made

# What tests/program/instructions.t counts the instructions of.
COUNTED	:= $(B)/tests/bench/ciphers

# What tests in tests/program preload: no sanitizer has a say in it.
PRELOADS := $(patsubst %.c,$(B)/%.so,$(wildcard tests/program/*.c))
$(PRELOADS): $(B)/%.so: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,LD)$(CC) -std=c11 $(WARN) -O2 -I. -shared -fPIC -o $@ $<

REPLAYS	:= $(FUZZERS:%=$(B)/tests/replay/%)
$(B)/$(PROG) $(REPLAYS) $(call tests,recovery) $(call tests,reports) \
		$(call tests,analyzer): $(LOCKS)
JOBS	?= $(shell nproc)

# `make check-unit` and the like run what is built, and install nothing.
check-unit: $(TESTS) $(REPLAYS) ## unit tests, and the fuzz corpora replayed
	@perl tests/run.pl $(JOBS) $^
check-program: $(B)/$(PROG) $(COUNTED) $(PRELOADS) build/images.made $(NPM) ## the program as a whole
	@B=$(B) perl tests/run.pl $(JOBS) $(wildcard tests/program/*.t)
check-layers: $(for-reports) ## who may use what
	@B=$(B) perl tests/run.pl 1 tests/lint/layers.t
# The parsers and their corpora: what needs no library but those of the tests.
PURE	:= $(patsubst tests/fuzz/fuzz_%.c,$(B)/tests/replay/%,$(shell \
	grep -L '"\(tests/fuzz/front\|recovery/\|reports/\|analyzer/\)' \
	tests/fuzz/fuzz_*.c))
check-parsers: $(call tests,parsers) $(PURE) ## those of them that need the parsers alone
	@perl tests/run.pl $(JOBS) $^
# Two sanitizers that only clang has.  That of memory must have compiled all
# code that is run; that of integers finds unsigned numbers that wrap, too.
check-memory: setup-fuzz ## check-parsers under MemorySanitizer
	@$(MAKE) --no-print-directory -j$(JOBS) CC=$(CLANG) SAN=memory \
		WERROR=-Werror check-parsers
check-integer: setup-fuzz ## check-unit, and no number wraps unsaid (parsers/wrap.h)
	@$(MAKE) --no-print-directory -j$(JOBS) CC=$(CLANG) \
		SAN=address,undefined,integer WERROR=-Werror check-unit
check-all: $(TESTS) $(REPLAYS) $(B)/$(PROG) $(COUNTED) $(PRELOADS) \
		$(for-reports) build/images.made $(NPM)
	@B=$(B) perl tests/run.pl $(JOBS) tests/lint/layers.t $(TESTS) \
		$(REPLAYS) $(wildcard tests/program/*.t)
check-crackers: setup-crackers ## hashcat takes our lines; minutes
	@$(MAKE) --no-print-directory -j$(JOBS) all build/images.made
	@B=$(B) perl tests/run.pl 1 $(wildcard tests/crackers/*.t)
# N seeds from FIRST on; what fails is kept in build/hostile.
N	?= 10000
FIRST	?= 1
hostile: setup-check ## N=10000 damaged images through `recover`; half an hour
	@$(MAKE) --no-print-directory -j$(JOBS) all build/images.made
	@B=$(B) N=$(N) FIRST=$(FIRST) JOBS=$(JOBS) KEEP=build/hostile \
		sh tests/program/hostile.t
check: setup-check ## install what is missing, then every test
	@$(MAKE) --no-print-directory -j$(JOBS) check-all

ifneq ($(SAN),)
build/mkefs build/efsexport build/efsneeds:
	@$(MAKE) --no-print-directory SAN= $@
endif

setup-%:
	@sh tests/setup.sh $*

demo: setup-build ## install what is missing, recover a sample, show the report
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@sh testdata/demo/demo.sh build/$(PROG)

# Clean seconds are added up in testdata/hostile/fuzzed.tsv; LEDGER= for nowhere.
# With integer: a number that wraps where an input goes on as if nothing had been
# is found by no other.
FUZZ	?= $(FUZZERS)
TIME	?= 60
FZ	:= build/address+undefined+integer+fuzzer-no-link
fuzz-build: setup-fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) CC=$(CLANG) \
		SAN=address,undefined,integer,fuzzer-no-link \
		$(FUZZ:%=$(FZ)/tests/libfuzzer/%)
fuzz: fuzz-build ## FUZZ=names TIME=seconds JOBS=N
	@sh tests/fuzz/fuzz.sh $(FZ)/tests/libfuzzer $(TIME) $(JOBS) $(FUZZ)
fuzz-keep: fuzz-build ## what `make fuzz` reached, and no seed does, becomes one
	@sh tests/fuzz/keep.sh $(FZ)/tests/libfuzzer $(FUZZ)
fuzzed: ## how long each target was fuzzed, in total
	@perl tests/fuzz/ledger.pl testdata/hostile/fuzzed.tsv

# What the corpora run of the parsers, each in its own target; gcov belongs to
# gcc.
COVER	:= build/coverage
coverage: setup-check ## lines of parsers/ that the fuzz corpora run; 95 % at least
	@$(MAKE) --no-print-directory -j$(JOBS) CC=gcc B=$(COVER) SAN= HARDEN= \
		LDHARDEN= CFLAGS='-O0 --coverage' cover
cover: $(filter-out $(call on,$(TOPS)),$(REPLAYS))
	@find $(B) -name '*.gcda' -delete
	@perl tests/run.pl $(JOBS) $^
	@B=$(B) perl tests/fuzz/coverage.pl parsers 95

$(B)/tests/bench/kdf $(B)/tests/bench/ciphers: %: %.o $(for-recovery)
	$(call link,$(RECOVERY_LIBS))
# The keys of a large ring come from OpenSSL alone.
$(B)/tests/bench/keys: %: %.o
	$(call link,$(call pkg,--libs,libcrypto))
$(B)/tests/bench/source: %: %.o $(filter-out %/main.o,$(call objs,analyzer)) \
		$(for-reports)
	$(call link,$(ALL_LIBS))
$(B)/tests/bench/render: %: %.o $(for-reports)
	$(call link,$(REPORT_LIBS) $(RECOVERY_LIBS))
# What containers are compared with: no more than the library itself.
$(B)/tests/bench/ewf: %: %.o
	$(call link,$(call pkg,--libs,libewf))

bench: setup-check ## memory and speed, beside what others take
	@$(MAKE) --no-print-directory -j$(JOBS) all build/mkefs \
		build/tests/bench/kdf build/tests/bench/ciphers \
		build/tests/bench/keys \
		build/tests/bench/source build/tests/bench/ewf \
		build/tests/bench/render build/images.made $(NPM)
	@sh tests/bench/bench.sh build/$(PROG)

# ---------------------------------------------------------------- install

install: all ## DESTDIR, PREFIX, BINDIR, MANDIR
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1
	$(INSTALL) -m 755 $(B)/$(PROG) $(DESTDIR)$(BINDIR)/$(PROG)
	$(INSTALL) -m 644 analyzer/$(PROG).1 $(DESTDIR)$(MANDIR)/man1/

uninstall: ## the reverse
	rm -f $(DESTDIR)$(BINDIR)/$(PROG) $(DESTDIR)$(MANDIR)/man1/$(PROG).1

format: ## clang-format, in place
	clang-format -i $(shell git ls-files '*.[ch]')

# Two analyzers, a stamp a file: only what changed is looked at again.
# Those that clang-tidy has nothing to say of.
TIDIED	?= $(LAYERS) analyzer
analyzed = $(patsubst %.c,build/lint/%.$(1),$(wildcard $(2:%=%/*.c)))
ANALYZED = -std=c11 $(ALL_CPPFLAGS) -O2
build/lint/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,ANALYZE)gcc $(ANALYZED) $(WARN) -Werror -fanalyzer \
		-fdiagnostics-plain-output -MMD -MP -c $< -o $@
# What it includes is known from the analyzer of gcc.  What it counts of the
# system's headers goes to the standard error.
build/lint/%.tidy: build/lint/%.o .clang-tidy
	$(call say,TIDY)clang-tidy --quiet --warnings-as-errors='*' $*.c -- \
		$(ANALYZED) 2>/dev/null && touch $@
analyze: $(call analyzed,o,$(LAYERS) analyzer) $(call analyzed,tidy,$(TIDIED))
lint: setup-lint ## formatting, static analysis, shell scripts, manual page
	clang-format --dry-run -Werror $(shell git ls-files '*.[ch]')
	cppcheck -q --std=c11 -I. "-DG_GNUC_PRINTF(f, a)=" --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 $(LAYERS) analyzer
	@$(MAKE) --no-print-directory -j$(JOBS) analyze
	shellcheck -x -e SC2016 $(shell git ls-files '*.sh' '*.t' .ci/run)
	man --warnings=w -l analyzer/$(PROG).1 >/dev/null

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' \
		$(firstword $(MAKEFILE_LIST))

.PHONY: all analyze check check-all check-unit check-program check-layers \
	check-parsers check-memory check-integer \
	check-crackers coverage cover demo fuzz fuzz-build fuzz-keep fuzzed hostile \
	bench generator install uninstall format lint clean help
.SECONDARY:

-include $(shell find $(B) -name '*.d' 2>/dev/null)
