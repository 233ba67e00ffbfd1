/* SPDX-License-Identifier: MIT */
/*
 * test_html_chapters.c - the page's chapters beside the files: folders,
 * drawing, timeline, what is not user EFS
 */
#include "tests/reports/sample_keys.h"
#include "tests/reports/sample_page.h"

static void says_who_can_open_folders(void **state)
{
#define MATRIX "//div[@id='matrix']"
#define USERS  MATRIX "//tr[@data-path = 'disk.dd v1 /Users']"
#define BOB_S  MATRIX "//tr[@data-path = 'disk.dd v1 /Users/bob']"
#define STORE  MATRIX "//tr[@data-path = 'disk.dd v1 /Store']"
	(void)state;
	assert_xpath("count(" MATRIX "//thead//th)", "5");
	assert_xpath("string(" USERS "/th)", "Users");
	/* all, ann, bob, the agent */
	assert_xpath("string(" USERS "/td[1])", "7");
	assert_xpath("string(" USERS "/td[2])", "7");
	assert_xpath("string(" USERS "/td[3])", "5");
	assert_xpath("string(" USERS "/td[4])", "7");
	assert_xpath("string(" BOB_S "/td[1])", "2");
	assert_xpath("string(" USERS "/td[2]//@href)",
	             "#view=disk.dd%20v1&in=%2FUsers&who=ddf%20" ANN);
	/* nobody can open what is there: no link */
	assert_xpath("count(" STORE "//a)", "1");
}

static void draws_the_chain_of_keys(void **state)
{
#define DRAWING "//section[@id='keys']//*[local-name() = 'svg'][@role='img']"
	(void)state;
	assert_xpath("count(" DRAWING ")", "1");
	assert_xpath("count(" DRAWING "/*[local-name() = 'title' or"
	             " local-name() = 'desc'])",
	             "2");
	/* password, master key, private key, certificate, objects */
	assert_xpath("count(" DRAWING "//*[@class='node open'])", "5");
	assert_xpath("count(" DRAWING "//*[@class='edge open'])", "4");
	/* bob's chain as well, his PFX, and the agent's certificate */
	assert_xpath("count(" DRAWING "//*[@class='node shut'])", "11");
	assert_xpath("count(" DRAWING "//*[@class='edge shut'])", "8");
	assert_xpath("count(" DRAWING "//*[@class='node shut'][contains(.,"
	             " '<o>b, 1eccdbd2')])",
	             "1");
}

static void says_what_happened_when(void **state)
{
#define TIMELINE "//section[@id='timeline']"
	(void)state;
	assert_xpath("string(" TIMELINE "//details//tbody/tr[1])",
	             "2026-01-021616");
	assert_xpath("count(" TIMELINE "//details//tbody/tr)", "1");
	/* the one of the year 60056 */
	assert_xpath("contains(" TIMELINE "/p[last()], '1 created, 0"
	             " modified')",
	             "true");
	assert_xpath("count(" TIMELINE "//tr[td[1] = 'shadow copy'])", "2");
	assert_xpath("string(" TIMELINE "//tr[td[1] = 'shadow copy'][1]/th)",
	             "2025-12-31T03:04:05.1234567Z");
	assert_xpath("count(" TIMELINE "//tr[td[1] = 'key made'])", "3");
	assert_xpath("count(" TIMELINE "//tr[td[1] = 'rings changed'])", "2");
}

static void says_what_is_not_user_efs(void **state)
{
	(void)state;
	assert_xpath("count(//section[@id='other']//tbody/tr)", "2");
	assert_xpath("string(//section[@id='other']//tr[th='dpapi-ng']/td[2])",
	             "1");
	assert_xpath("string(//section[@id='other']//tr[th='dpapi-ng']//@href)",
	             "#class=dpapi-ng");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_who_can_open_folders),
		cmocka_unit_test(draws_the_chain_of_keys),
		cmocka_unit_test(says_what_happened_when),
		cmocka_unit_test(says_what_is_not_user_efs),
	};

	return cmocka_run_group_tests(tests, sample_page, sample_page_free);
}
