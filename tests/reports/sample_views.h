/* SPDX-License-Identifier: MIT */
/*
 * sample_views.h - shadow copies, facts and bad ranges of the small case
 */
#ifndef TESTS_REPORTS_SAMPLE_VIEWS_H
#define TESTS_REPORTS_SAMPLE_VIEWS_H

#include "recovery/casefile.h"

/* When v1.s1 and v1.s2 were made. */
#define MADE_S1 (NEW_YEAR - UINT64_C(864000000000) * 2)
#define MADE_S2 (NEW_YEAR - UINT64_C(864000000000))

/*
 * On `disk`, whose volume 1 is `volume` and its second shadow copy `second`:
 * a first one, a file that is not in the second and has another ring in the
 * first, and a file that is the same in the second and now.  And a folder of
 * two loose files.
 */
void sample_views(struct casefile *cf, int64_t disk, int64_t volume,
                  int64_t second);

#endif
