/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-fake-courier.h"
#include "valise-clock.h"

static struct
{
  guint64                stored, refused;
  char                  *needed; /* passphrase */
  int                    failure;
  ValiseCourierRecipient recipient;
  char                  *passphrase;
  gint64                 max_size;
  gboolean               originals;
  gboolean               has_team_key;
  guint                  writings;
  char                  *choice;
} fake = { .failure = -1 };

void
valise_fake_courier_set_news (guint64 stored, guint64 refused, const char *passphrase)
{
  fake.stored = stored;
  fake.refused = refused;
  g_free (fake.needed);
  fake.needed = g_strdup (passphrase);
}

void
valise_fake_courier_set_failure (int code)
{
  fake.failure = code;
}

ValiseCourierRecipient
valise_fake_courier_get_recipient (void)
{
  return fake.recipient;
}

const char *
valise_fake_courier_get_passphrase (void)
{
  return fake.passphrase;
}

gint64
valise_fake_courier_get_max_size (void)
{
  return fake.max_size;
}

gboolean
valise_fake_courier_get_originals (void)
{
  return fake.originals;
}

void
valise_fake_courier_set_team_key (gboolean has)
{
  fake.has_team_key = has;
}

guint
valise_fake_courier_get_writings (void)
{
  return fake.writings;
}

static gboolean
fails (GTask *task)
{
  if (fake.failure < 0)
    return FALSE;
  g_task_return_new_error (task, VALISE_BUNDLE_ERROR, fake.failure, "As set");
  fake.failure = -1;
  return TRUE;
}

const char *
valise_fake_courier_get_choice (void)
{
  return fake.choice;
}

static const char *
or_dash (const char *text)
{
  return text != NULL ? text : "-";
}

static char *
describe_choice (const ValiseCourierOrder *order)
{
  g_autofree char *languages =
      order->languages != NULL ? g_strjoinv (",", (char **) order->languages) : NULL;

  return g_strdup_printf ("%s %s %s %s", or_dash (order->meeting), or_dash (languages),
                          or_dash (order->since), or_dash (order->request));
}

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

void
valise_courier_news_free (ValiseCourierNews *news)
{
  g_free (news->person);
  g_strfreev (news->reasons);
  g_free (news);
}

void
valise_courier_weigh_async (ValiseAccount            *account,
                            const ValiseCourierOrder *order,
                            GCancellable             *cancellable,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  g_autoptr (GTask)    task = g_task_new (account, cancellable, callback, user_data);
  ValiseCourierWeight *weight = NULL;

  if (order->request != NULL && fails (task))
    return;
  weight = g_new0 (ValiseCourierWeight, 1);
  weight->documents = order->meeting != NULL ? 41 : 312;
  weight->person = g_strdup (order->request != NULL ? "Jun Park" : NULL);
  weight->is_colleague = order->request != NULL;
  weight->document_bytes = 812000;
  weight->originals = 14;
  weight->original_bytes = 8300000;
  weight->originals_away = 2;
  weight->has_team_key = fake.has_team_key && order->recipient == VALISE_COURIER_COLLEAGUES;
  g_task_return_pointer (task, weight, (GDestroyNotify) valise_courier_weight_free);
}

ValiseCourierWeight *
valise_courier_weigh_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_courier_write_async (ValiseAccount            *account,
                            const char               *path,
                            const ValiseCourierOrder *order,
                            GCancellable             *cancellable,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  g_autoptr (GTask)    task = g_task_new (account, cancellable, callback, user_data);
  ValiseCourierParcel *parcel = NULL;

  fake.recipient = order->recipient;
  g_free (fake.passphrase);
  fake.passphrase = g_strdup (order->passphrase);
  fake.max_size = order->max_size;
  fake.originals = !order->without_originals;
  g_free (fake.choice);
  fake.choice = describe_choice (order);
  if (fails (task))
    return;
  fake.writings++;
  parcel = g_new0 (ValiseCourierParcel, 1);
  parcel->path = g_strdup (path);
  parcel->files = 1;
  parcel->documents = 31;
  parcel->originals = fake.originals ? 4 : 0;
  parcel->bytes = 212000;
  g_task_return_pointer (task, parcel, (GDestroyNotify) valise_courier_parcel_free);
}

ValiseCourierParcel *
valise_courier_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_courier_request_async (ValiseAccount      *account,
                              const char         *path,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (account, cancellable, callback, user_data);

  if (!fails (task))
    g_task_return_int (task, 12000);
}

gint64
valise_courier_request_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static ValiseCourierNews *
make_news (void)
{
  const char        *reasons[] = { "paper:A/AC.292/2026/WP.9: it carries no seal", NULL };
  ValiseCourierNews *news = g_new0 (ValiseCourierNews, 1);

  news->person = g_strdup ("Amina Diallo");
  news->documents = fake.stored + fake.refused;
  news->stored = fake.stored;
  news->refused = fake.refused;
  news->originals = 3;
  news->reasons = g_strdupv ((char **) (fake.refused > 0 ? reasons : reasons + 1));
  return news;
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
  g_autoptr (GTask) task = g_task_new (account, cancellable, callback, user_data);

  if (fails (task))
    return;
  if (g_strcmp0 (fake.needed, passphrase) == 0 || fake.needed == NULL)
    g_task_return_pointer (task, make_news (), (GDestroyNotify) valise_courier_news_free);
  else
    g_task_return_new_error (
        task, VALISE_BUNDLE_ERROR,
        passphrase == NULL ? VALISE_BUNDLE_ERROR_LOCKED : VALISE_BUNDLE_ERROR_PASSPHRASE, "Locked");
}

ValiseCourierNews *
valise_courier_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
valise_courier_get_last (ValiseAccount *account, gint64 *when_us, guint64 *bytes)
{
  *when_us = valise_clock_parse ("2026-07-18T09:30:00Z");
  *bytes = 212000;
  return TRUE;
}
