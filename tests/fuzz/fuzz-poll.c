/* fuzz-poll.c - any bytes as what our server answers to one question about all databases
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"
#include "valise-membership.h"
#include "valise-poll.h"

static void
check_logs (const ValisePollNews *news)
{
  for (guint i = 0; news->logs[i] != NULL; i++)
    {
      g_autofree char       *body = NULL;
      g_autoptr (ValiseJson) json = NULL;

      if (!valise_poll_news_find_log (news, news->logs[i], &body) || body == NULL)
        continue;
      json = valise_json_scan_text (body, -1, VALISE_JSON_ANY, NULL);
      g_assert_nonnull (json);
      g_assert_cmpint (valise_json_get_kind (json, 0), ==, VALISE_JSON_KIND_OBJECT);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char       *text = fuzz_dup_text (data, size);
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, (gssize) size, VALISE_JSON_ANY, NULL);
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValisePollAnswer) answer = NULL;

  if (json == NULL)
    return 0;
  answer = valise_poll_answer_read (json, &error);
  g_assert_true ((answer == NULL) == (error != NULL));
  if (answer == NULL)
    return 0;

  g_assert_nonnull (answer->run);
  for (guint i = 0; i < answer->news->len; i++)
    {
      const ValisePollNews *news = answer->news->pdata[i];

      g_assert_nonnull (valise_poll_answer_find (answer, news->name));
      g_assert_true (news->error != NULL || (news->seq != NULL && news->uuid != NULL));
      check_logs (news);
    }
  for (guint i = 0; answer->grants != NULL && i < answer->grants->len; i++)
    g_assert_nonnull (((ValiseGrant *) answer->grants->pdata[i])->name);
  return 0;
}
