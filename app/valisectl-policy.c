/* valisectl-policy.c - the commands about what the network may cost: the policy, travelling
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "valise-file-queue.h"
#include "valise-language.h"
#include "valise-scheduler.h"

#include "valisectl-print.h"
#include "valisectl.h"

/* --- policy -------------------------------------------------------------------------------- */

/* "en,fr" or "all". */
static gboolean
set_languages (ValiseAccount *account, const char *value, GError **error)
{
  g_auto (GStrv) codes = NULL;

  if (strcmp (value, "all") == 0)
    return valise_account_set_languages (account, NULL, error);
  codes = g_strsplit (value, ",", -1);
  for (guint i = 0; codes[i] != NULL; i++)
    if (!valise_language_is_known (codes[i]))
      {
        g_set_error (error, VALISE_USER_POLICY_ERROR, VALISE_USER_POLICY_ERROR_VALUE,
                     "languages cannot be %s; it takes all, or codes such as en,fr", value);
        return FALSE;
      }
  return valise_account_set_languages (account, (const char *const *) codes, error);
}

static gboolean
keep_policy (ValiseScheduler *scheduler, const ValiseUserPolicy *policy, GError **error)
{
  valise_scheduler_set_policy (scheduler, policy);
  return valise_scheduler_flush (scheduler, error);
}

/* Takes "KEY=VALUE"; all of them hold, or none. */
static gboolean
set_all (ValiseAccount *account, ValiseScheduler *scheduler, GError **error)
{
  ValiseUserPolicy policy;
  const char      *languages = NULL;

  valise_scheduler_get_policy (scheduler, &policy);
  for (guint i = 0; valisectl_options.arguments != NULL && valisectl_options.arguments[i] != NULL;
       i++)
    {
      const char      *argument = valisectl_options.arguments[i];
      const char      *equals = strchr (argument, '=');
      g_autofree char *key =
          equals != NULL ? g_strndup (argument, (gsize) (equals - argument)) : g_strdup (argument);

      if (equals != NULL && strcmp (key, "languages") == 0)
        languages = equals + 1;
      else if (!valise_user_policy_set (&policy, key, equals != NULL ? equals + 1 : "", error))
        return FALSE;
    }
  return (languages == NULL || set_languages (account, languages, error))
         && keep_policy (scheduler, &policy, error);
}

static char *
describe_languages (ValiseAccount *account)
{
  g_auto (GStrv) codes = valise_account_dup_languages (account);

  return codes != NULL && codes[0] != NULL ? g_strjoinv (",", codes) : g_strdup ("all");
}

static void
print_policy (ValiseAccount *account, ValiseScheduler *scheduler)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char        *languages = describe_languages (account);
  guint64                 received = 0, sent = 0;
  ValiseUserPolicy        policy;

  valise_scheduler_get_policy (scheduler, &policy);
  g_object_get (scheduler, "bytes-received-today", &received, "bytes-sent-today", &sent, NULL);
  json_builder_begin_object (builder);
  valisectl_add_string (builder, "languages", languages);
  if (!valisectl_options.json)
    g_print ("languages=%s\n", languages);
  for (const char *const *key = valise_user_policy_list_keys (); *key != NULL; key++)
    {
      g_autofree char *value = valise_user_policy_dup (&policy, *key);

      valisectl_add_string (builder, *key, value);
      if (!valisectl_options.json)
        g_print ("%s=%s\n", *key, value);
    }
  valisectl_add_int (builder, "received_today", (gint64) received);
  valisectl_add_int (builder, "sent_today", (gint64) sent);
  json_builder_end_object (builder);
  if (valisectl_options.json)
    valisectl_print_json (builder);
  else
    g_print ("Today: %" G_GUINT64_FORMAT " bytes received, %" G_GUINT64_FORMAT " sent\n", received,
             sent);
}

int
valisectl_run_policy (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = valisectl_open_account (&error);
  g_autoptr (ValiseScheduler) scheduler = NULL;
  int                         status = EXIT_SUCCESS;

  if (account == NULL)
    return valisectl_fail (error);
  scheduler = valise_scheduler_new (account);
  if (set_all (account, scheduler, &error))
    print_policy (account, scheduler);
  else
    {
      valisectl_fail (error);
      status = error->domain == VALISE_USER_POLICY_ERROR ? VALISECTL_USAGE : VALISECTL_FAILED;
    }
  g_clear_object (&scheduler);
  valise_account_close (account);
  return status;
}

/* --- travel -------------------------------------------------------------------------------- */

/* What a journey comes to. */
typedef struct
{
  guint64 text; /* bytes on the sockets, as told before */
  guint   texts;
  guint64 file_bytes; /* of files that are not here */
  guint   files;
} Sum;

static ValiseTravel *
gather (ValiseLibrary *library, ValiseAccount *account, GError **error)
{
  g_auto (GStrv)           own = valise_account_dup_languages (account);
  char                   **languages = valisectl_options.languages;
  g_autoptr (GAsyncResult) result = NULL;

  if (languages == NULL && own != NULL && own[0] != NULL)
    languages = own;
  valise_library_plan_travel_async (library, valisectl_options.arguments[0],
                                    (const char *const *) languages, NULL, valisectl_keep_result,
                                    &result);
  valisectl_wait_for (&result);
  return valise_library_plan_travel_finish (library, result, error);
}

/* The texts of @database that @travel lacks: the meeting's own, then what they cite. */
static ValisePlan *
make_plan (const ValiseTravel *travel, const char *database)
{
  g_autofree char *name = g_strconcat (travel->meeting, "@", database, NULL);
  ValisePlan      *plan = valise_plan_new (name, travel->title, database);

  for (int part = VALISE_TRAVEL_OWN; part <= VALISE_TRAVEL_CITED; part++)
    for (guint i = 0; i < travel->needs[part].texts->len; i++)
      {
        const ValiseTravelText *text = g_ptr_array_index (travel->needs[part].texts, i);

        if (strcmp (text->database, database) == 0)
          valise_plan_add (plan, text->id, text->size);
      }
  return plan;
}

static void
want_files (ValiseFileQueue *queue, const ValiseTravel *travel, Sum *sum)
{
  for (guint i = 0; i < travel->files->len; i++)
    {
      ValisePaperFile       *file = g_ptr_array_index (travel->files, i);
      const ValiseFileWanted wanted = {
        valise_paper_file_get_sha256 (file),  valise_paper_file_get_database (file),
        valise_paper_file_get_name (file),    valise_paper_file_get_symbol (file),
        valise_paper_file_get_meeting (file), valise_paper_file_get_language (file),
        valise_paper_file_get_length (file)
      };
      gint64 present = 0;

      if (valise_file_queue_get_state (queue, wanted.sha256, &present) == VALISE_FILE_PRESENT)
        continue;
      sum->files++;
      sum->file_bytes += (guint64) MAX (wanted.length - present, 0);
      if (!valisectl_options.dry_run)
        valise_file_queue_want (queue, &wanted, 1, VALISE_FILE_PINNED);
    }
}

static gboolean
put_plans (ValiseScheduler *scheduler, const ValiseTravel *travel, Sum *sum, GError **error)
{
  static const char *const databases[] = { "public", "states" };

  for (guint i = 0; i < G_N_ELEMENTS (databases); i++)
    {
      g_autoptr (ValisePlan) plan = make_plan (travel, databases[i]);

      sum->texts += plan->ids->len;
      sum->text += valise_scheduler_estimate (scheduler, valise_plan_get_weight (plan));
      if (!valisectl_options.dry_run)
        valise_scheduler_put_plan (scheduler, plan);
    }
  return valise_scheduler_flush (scheduler, error);
}

static void
print_sum (ValiseScheduler *scheduler, const ValiseTravel *travel, const Sum *sum)
{
  ValiseNetworkKind kind = valise_scheduler_get_network (scheduler);
  guint64           speed = valise_scheduler_get_speed (scheduler, kind);
  guint64           bytes = sum->text + sum->file_bytes;

  if (!valisectl_options.json)
    {
      g_print ("%s\n%u texts, about %" G_GUINT64_FORMAT " bytes; %u files, %" G_GUINT64_FORMAT
               " bytes\n",
               travel->title, sum->texts, sum->text, sum->files, sum->file_bytes);
      if (speed > 0)
        g_print ("About %" G_GUINT64_FORMAT " s at the speed last measured\n", bytes / speed);
      return;
    }
  {
    g_autoptr (JsonBuilder) builder = json_builder_new ();

    json_builder_begin_object (builder);
    valisectl_add_string (builder, "meeting", travel->meeting);
    valisectl_add_string (builder, "title", travel->title);
    valisectl_add_strings (builder, "languages", (const char *const *) travel->languages);
    valisectl_add_int (builder, "texts", sum->texts);
    valisectl_add_int (builder, "text_bytes", (gint64) sum->text);
    valisectl_add_int (builder, "files", sum->files);
    valisectl_add_int (builder, "file_bytes", (gint64) sum->file_bytes);
    valisectl_add_string (builder, "network", valise_network_kind_get_name (kind));
    if (speed > 0)
      valisectl_add_int (builder, "seconds", (gint64) (bytes / speed));
    json_builder_end_object (builder);
    valisectl_print_json (builder);
  }
}

/* What was planned stays planned where the server is not reached: the next sync goes on. */
static int
prepare (ValiseAccount *account, ValiseScheduler *scheduler, const ValiseTravel *travel)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileQueue) queue = NULL;
  Sum                         sum = { 0 };

  if (valisectl_options.files)
    {
      queue = valise_file_queue_for_account (account);
      valise_file_queue_flush (queue);
      want_files (queue, travel, &sum);
      valise_file_queue_flush (queue);
    }
  if (!put_plans (scheduler, travel, &sum, &error))
    return valisectl_fail (error);
  print_sum (scheduler, travel, &sum);
  if (!valisectl_options.dry_run && !valise_scheduler_sync_once (scheduler, NULL, &error))
    return valisectl_fail (error);
  return EXIT_SUCCESS;
}

int
valisectl_run_travel (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = valisectl_open_account (&error);
  g_autoptr (ValiseLibrary)   library = NULL;
  g_autoptr (ValiseScheduler) scheduler = NULL;
  g_autoptr (ValiseTravel)    travel = NULL;
  int                         status = EXIT_SUCCESS;

  if (account == NULL)
    return valisectl_fail (error);
  library = valisectl_open_library (account, &error);
  if (library != NULL)
    travel = gather (library, account, &error);
  scheduler = valise_scheduler_new (account);
  status = travel != NULL ? prepare (account, scheduler, travel) : valisectl_fail (error);
  g_clear_object (&scheduler);
  g_clear_object (&library);
  valise_account_close (account);
  return status;
}
