/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-courier"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "valise-bundle-header.h"
#include "valise-bundle-request.h"
#include "valise-bundle.h"
#include "valise-clock.h"
#include "valise-colleague.h"
#include "valise-courier.h"
#include "valise-file-queue-parts.h"
#include "valise-gate.h"
#include "valise-home.h"
#include "valise-passphrase.h"

#define LAST_FILE "last-bundle.json" /* in the account's folder: {"when", "bytes"} */

/* What a thread works on. */
typedef struct
{
  ValiseAccount     *account;
  char              *path;
  char              *passphrase;
  ValiseBundleOrder  order; /* of what follows */
  char              *meeting;
  char             **languages;
  char              *since;
  char              *request_path; /* or NULL */
  ValiseCourierRules rules;
} Errand;

static void
free_errand (gpointer data)
{
  Errand *errand = data;

  g_object_unref (errand->account);
  valise_passphrase_free (errand->passphrase);
  g_free (errand->meeting);
  g_strfreev (errand->languages);
  g_free (errand->since);
  g_free (errand->request_path);
  g_clear_pointer (&errand->order.request, valise_bundle_request_free);
  g_free (errand->path);
  g_free (errand);
}

static GTask *
begin (ValiseAccount      *account,
       const char         *path,
       const char         *passphrase,
       Errand            **errand,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  GTask *task = g_task_new (account, cancellable, callback, user_data);

  *errand = g_new0 (Errand, 1);
  (*errand)->account = g_object_ref (account);
  (*errand)->path = g_strdup (path);
  (*errand)->passphrase = g_strdup (passphrase);
  g_task_set_task_data (task, *errand, free_errand);
  return task;
}

/* A thread of its own: an errand may take minutes, and the pool is for short ones. */
static gpointer
run_errand (gpointer data)
{
  g_autoptr (GTask) task = data;
  GTaskThreadFunc   work = g_object_get_data (G_OBJECT (task), "work");

  work (task, g_task_get_source_object (task), g_task_get_task_data (task),
        g_task_get_cancellable (task));
  return NULL;
}

static void
start (GTask *task, GTaskThreadFunc work)
{
  g_object_set_data (G_OBJECT (task), "work", work);
  g_thread_unref (g_thread_new ("valise-courier", run_errand, g_object_ref (task)));
}

/* --- the last one --------------------------------------------------------------------------- */

static char *
make_last_path (ValiseAccount *account)
{
  return g_build_filename (valise_home_get_directory (valise_account_get_home (account)), LAST_FILE,
                           NULL);
}

/* Only to be told again: where it cannot be kept, that is all that is lost. */
static void
keep_last (ValiseAccount *account, guint64 bytes)
{
  g_autofree char *path = make_last_path (account);
  g_autofree char *text =
      g_strdup_printf ("{\"when\":%" G_GINT64_FORMAT ",\"bytes\":%" G_GUINT64_FORMAT "}",
                       valise_clock_now (), bytes);
  g_autoptr (GError) failure = NULL;

  if (!g_file_set_contents (path, text, -1, &failure))
    g_debug ("%s", failure->message);
}

gboolean
valise_courier_get_last (ValiseAccount *account, gint64 *when_us, guint64 *bytes)
{
  g_autofree char       *path = make_last_path (account);
  g_autofree char       *text = NULL;
  g_autoptr (ValiseJson) json = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (account), FALSE);

  if (g_file_get_contents (path, &text, NULL, NULL))
    json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  if (json == NULL)
    return FALSE;
  *when_us = valise_json_get_member_int (json, 0, "when", 0);
  *bytes = (guint64) MAX (valise_json_get_member_int (json, 0, "bytes", 0), 0);
  return *when_us > 0;
}

/* --- writing --------------------------------------------------------------------------------- */

void
valise_courier_weight_free (ValiseCourierWeight *weight)
{
  g_free (weight->person);
  g_free (weight);
}

void
valise_courier_parcel_free (ValiseCourierParcel *parcel)
{
  g_free (parcel->path);
  g_free (parcel);
}

static void
take_order (Errand *errand, const ValiseCourierOrder *order)
{
  static const char *const names[] = { VALISE_BUNDLE_FOR_ANYONE, VALISE_BUNDLE_FOR_SECRETARIAT,
                                       VALISE_BUNDLE_FOR_COLLEAGUES };

  g_return_if_fail ((guint) order->recipient < G_N_ELEMENTS (names));

  errand->meeting = g_strdup (order->meeting);
  errand->languages = g_strdupv ((char **) order->languages);
  errand->since = g_strdup (order->since);
  errand->request_path = g_strdup (order->request);
  errand->order = (ValiseBundleOrder){ .path = errand->path,
                                       .recipient = names[order->recipient],
                                       .secret = { errand->passphrase, NULL },
                                       .max_size = order->max_size,
                                       .meeting = errand->meeting,
                                       .languages = (const char *const *) errand->languages,
                                       .since_date = errand->since,
                                       .without_originals = order->without_originals };
}

/* On the errand's thread: the list may be large, and on a slow stick. */
static gboolean
read_request (Errand *errand, GError **error)
{
  if (errand->request_path != NULL)
    errand->order.request = valise_bundle_request_read (errand->request_path, error);
  return errand->request_path == NULL || errand->order.request != NULL;
}

/* Whose list it was; its word is a stranger's. */
static void
describe_request (const Errand *errand, ValiseCourierWeight *weight)
{
  const ValiseBundleRequest *request = errand->order.request;
  const char                *own = valise_account_get_participant (errand->account);

  if (request == NULL)
    return;
  if (valise_colleague_is_name (valise_bundle_request_get_person (request)))
    weight->person = g_strdup (valise_bundle_request_get_person (request));
  weight->is_colleague =
      own != NULL && g_strcmp0 (valise_bundle_request_get_participant (request), own) == 0;
}

static void
weigh_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand                        *errand = task_data;
  g_autoptr (GError)             error = NULL;
  g_autofree ValiseBundleWeight *found = NULL;
  ValiseCourierWeight           *weight = NULL;

  if (read_request (errand, &error))
    found = valise_account_weigh_bundle (errand->account, &errand->order, cancellable, &error);
  if (found == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  weight = g_new0 (ValiseCourierWeight, 1);
  weight->documents = found->documents;
  weight->document_bytes = found->document_bytes;
  weight->originals = found->originals;
  weight->original_bytes = found->original_bytes;
  weight->originals_away = found->originals_away;
  weight->has_team_key = found->has_team_key;
  describe_request (errand, weight);
  g_task_return_pointer (task, weight, (GDestroyNotify) valise_courier_weight_free);
}

void
valise_courier_weigh_async (ValiseAccount            *account,
                            const ValiseCourierOrder *order,
                            GCancellable             *cancellable,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  Errand           *errand = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_ACCOUNT (account) && order != NULL);

  task = begin (account, "", NULL, &errand, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_courier_weigh_async);
  take_order (errand, order);
  start (task, weigh_in_thread);
}

ValiseCourierWeight *
valise_courier_weigh_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_courier_weigh_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand                         *errand = task_data;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  ValiseCourierParcel            *parcel = NULL;

  if (read_request (errand, &error))
    receipt = valise_account_write_bundle (errand->account, &errand->order, cancellable, &error);
  if (receipt == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  keep_last (errand->account, receipt->bytes);
  parcel = g_new0 (ValiseCourierParcel, 1);
  parcel->path = g_strdup (errand->path);
  parcel->files = receipt->files->len;
  parcel->left_out = receipt->left_out->len;
  parcel->documents = receipt->documents;
  parcel->originals = receipt->originals;
  parcel->bytes = receipt->bytes;
  g_task_return_pointer (task, parcel, (GDestroyNotify) valise_courier_parcel_free);
}

void
valise_courier_write_async (ValiseAccount            *account,
                            const char               *path,
                            const ValiseCourierOrder *order,
                            GCancellable             *cancellable,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  Errand           *errand = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_ACCOUNT (account) && path != NULL && order != NULL);

  task = begin (account, path, order->passphrase, &errand, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_courier_write_async);
  take_order (errand, order);
  start (task, write_in_thread);
}

ValiseCourierParcel *
valise_courier_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_courier_write_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- asking ---------------------------------------------------------------------------------- */

static void
request_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand  *errand = task_data;
  GError  *failure = NULL;
  GStatBuf about = { 0 };

  if (valise_account_write_request (errand->account, errand->path, &failure))
    g_task_return_int (task, g_stat (errand->path, &about) == 0 ? (gssize) about.st_size : 0);
  else
    g_task_return_error (task, failure);
}

void
valise_courier_request_async (ValiseAccount      *account,
                              const char         *path,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  Errand           *errand = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_ACCOUNT (account) && path != NULL);

  task = begin (account, path, NULL, &errand, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_courier_request_async);
  start (task, request_in_thread);
}

gint64
valise_courier_request_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_courier_request_async), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/* --- reading --------------------------------------------------------------------------------- */

void
valise_courier_news_free (ValiseCourierNews *news)
{
  g_strfreev (news->reasons);
  g_free (news->person);
  g_free (news);
}

static char **
dup_reasons (GPtrArray *reasons)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < reasons->len; i++)
    g_strv_builder_add (list, g_ptr_array_index (reasons, i));
  return g_strv_builder_end (list);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand                         *errand = task_data;
  ValiseBundleSecret              secret = { errand->passphrase, NULL };
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseGate)          rules = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  ValiseCourierNews              *news = NULL;

  if (errand->rules != NULL)
    rules = errand->rules (valise_account_get_home (errand->account), &error);
  if (error == NULL)
    arrival = valise_account_read_bundle (errand->account, errand->path, &secret, rules,
                                          cancellable, &error);
  if (arrival == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  news = g_new0 (ValiseCourierNews, 1);
  news->person = g_steal_pointer (&arrival->person);
  news->documents = arrival->documents;
  news->stored = arrival->stored;
  news->refused = arrival->refused;
  news->originals = arrival->originals_stored;
  news->reasons = dup_reasons (arrival->reasons);
  g_task_return_pointer (task, news, (GDestroyNotify) valise_courier_news_free);
}

void
valise_courier_read_async (ValiseAccount      *account,
                           const char         *path,
                           const char         *passphrase,
                           ValiseCourierRules  rules,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  Errand           *errand = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_ACCOUNT (account) && path != NULL);

  task = begin (account, path, passphrase, &errand, cancellable, callback, user_data);
  g_task_set_source_tag (task, valise_courier_read_async);
  errand->rules = rules;
  start (task, read_in_thread);
}

ValiseCourierNews *
valise_courier_read_finish (GAsyncResult *result, GError **error)
{
  ValiseCourierNews *news = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, valise_courier_read_async), NULL);

  news = g_task_propagate_pointer (G_TASK (result), error);
  /* Where papers are shown, their files are here from now on. */
  if (news != NULL && news->originals > 0)
    {
      g_autoptr (ValiseFileQueue) queue =
          valise_file_queue_for_account (g_task_get_source_object (G_TASK (result)));

      valise_file_queue_changed (queue);
    }
  return news;
}
