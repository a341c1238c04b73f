/* valisectl-bundle.c - the commands that write, read and look at bundles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "valise-bundle-reader.h"
#include "valise-bundle-request.h"
#include "valise-bundle-writer.h"
#include "valise-bundle.h"
#include "valise-clock.h"
#include "valise-home.h"
#include "valise-passphrase.h"
#include "valise-rules.h"

#include "valisectl-print.h"
#include "valisectl.h"

static const char *
or_nothing (const char *text)
{
  return text != NULL ? text : "";
}

/* The passphrase, where a file of one was named. FALSE with @error. */
static gboolean
read_secret (char **passphrase, ValiseBundleSecret *secret, GError **error)
{
  *passphrase = NULL;
  if (valisectl_options.passphrase_file == NULL)
    return TRUE;
  *passphrase = valise_passphrase_read (valisectl_options.passphrase_file, error);
  secret->passphrase = *passphrase;
  return *passphrase != NULL;
}

static int
fail_bundle (const GError *error)
{
  int status = valisectl_fail (error);

  if (g_error_matches (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_LOCKED)
      || g_error_matches (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_SECRET))
    g_printerr ("valisectl: --passphrase-file names the file with it\n");
  return status;
}

/* --- write --------------------------------------------------------------------------------- */

static void
print_receipt (const ValiseBundleReceipt *receipt)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!valisectl_options.json)
    {
      for (guint i = 0; i < receipt->files->len; i++)
        g_print ("%s\n", (const char *) g_ptr_array_index (receipt->files, i));
      for (guint i = 0; i < receipt->left_out->len; i++)
        g_print ("left out %s: no file of that size can hold it\n",
                 (const char *) g_ptr_array_index (receipt->left_out, i));
      g_print ("%" G_GUINT64_FORMAT " documents; %u originals of %" G_GUINT64_FORMAT
               " bytes; %" G_GUINT64_FORMAT " bytes in all\n",
               receipt->documents, receipt->originals, receipt->original_bytes, receipt->bytes);
      if (receipt->originals_away > 0)
        g_print ("%u originals are not on this laptop, and could not go along\n",
                 receipt->originals_away);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  valisectl_add_int (builder, "documents", (gint64) receipt->documents);
  valisectl_add_int (builder, "bytes", (gint64) receipt->bytes);
  valisectl_add_int (builder, "files", receipt->files->len);
  valisectl_add_int (builder, "left_out", receipt->left_out->len);
  valisectl_add_int (builder, "originals", receipt->originals);
  valisectl_add_int (builder, "original_bytes", (gint64) receipt->original_bytes);
  valisectl_add_int (builder, "originals_away", receipt->originals_away);
  json_builder_end_object (builder);
  valisectl_print_json (builder);
}

static int
write_bundle (ValiseAccount *account, const ValiseBundleOrder *order)
{
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleReceipt) receipt =
      valise_account_write_bundle (account, order, NULL, &error);

  if (receipt == NULL)
    return fail_bundle (error);
  print_receipt (receipt);
  if (order->request != NULL)
    g_print ("without what %s, %s, has\n",
             valise_bundle_request_get_person (order->request) != NULL
                 ? valise_bundle_request_get_person (order->request)
                 : "somebody",
             valise_bundle_request_get_participant (order->request) != NULL
                 ? valise_bundle_request_get_participant (order->request)
                 : "of no delegation");
  return receipt->left_out->len == 0 ? EXIT_SUCCESS : VALISECTL_FAILED;
}

/* What was asked for, from the options. Returns: the exit code, 0 where all of them make sense. */
static int
read_order (ValiseBundleOrder *order, ValiseBundleRequest **request)
{
  const ValisectlOptions *options = &valisectl_options;
  g_autoptr (GError)      error = NULL;

  if (options->recipient != NULL)
    order->recipient = options->recipient;
  if (!valise_bundle_recipient_is_known (order->recipient))
    {
      g_printerr ("valisectl: --for takes anyone, secretariat or colleagues\n");
      return VALISECTL_USAGE;
    }
  if (options->max_size != 0 && options->max_size < VALISE_BUNDLE_SIZE_MIN)
    {
      g_printerr ("valisectl: --max-size takes bytes, from %d\n", VALISE_BUNDLE_SIZE_MIN);
      return VALISECTL_USAGE;
    }
  if (!valise_bundle_order_set_since (order, options->since))
    {
      g_printerr ("valisectl: --since takes a day, as 2026-07-03, or the number of an issue\n");
      return VALISECTL_USAGE;
    }
  order->meeting = options->meeting;
  order->languages = (const char *const *) options->languages;
  order->databases = (const char *const *) options->databases;
  order->max_size = options->max_size;
  order->without_originals = options->without_originals;
  if (options->request != NULL)
    order->request = *request = valise_bundle_request_read (options->request, &error);
  return error != NULL ? valisectl_fail (error) : 0;
}

static int
run_write (ValiseAccount *account, const char *path)
{
  ValiseBundleOrder               order = { .path = path, .recipient = VALISE_BUNDLE_FOR_ANYONE };
  g_autoptr (ValiseBundleRequest) request = NULL;
  g_autofree char                *passphrase = NULL;
  g_autoptr (GError)              error = NULL;
  int                             status = read_order (&order, &request);

  if (status != 0)
    return status;
  if (!read_secret (&passphrase, &order.secret, &error))
    return valisectl_fail (error);
  status = write_bundle (account, &order);
  valise_passphrase_free (g_steal_pointer (&passphrase));
  return status;
}

static int
run_request (ValiseAccount *account, const char *path)
{
  g_autoptr (GError) error = NULL;

  return valise_account_write_request (account, path, &error) ? EXIT_SUCCESS
                                                              : valisectl_fail (error);
}

/* --- read ---------------------------------------------------------------------------------- */

static void
print_originals (const ValiseBundleArrival *arrival)
{
  if (arrival->originals > 0)
    g_print ("%u originals; %u came, %" G_GUINT64_FORMAT " bytes\n", arrival->originals,
             arrival->originals_stored, arrival->original_bytes);
  if (arrival->originals_begun > 0)
    g_print ("%u of them in part: the rest is in another file of the bundle\n",
             arrival->originals_begun);
}

static int
print_arrival (const ValiseBundleArrival *arrival)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!valisectl_options.json)
    {
      for (guint i = 0; i < arrival->reasons->len; i++)
        g_print ("refused %s\n", (const char *) g_ptr_array_index (arrival->reasons, i));
      g_print ("%" G_GUINT64_FORMAT " documents; %" G_GUINT64_FORMAT " came, %" G_GUINT64_FORMAT
               " refused\n",
               arrival->documents, arrival->stored, arrival->refused);
      print_originals (arrival);
    }
  else
    {
      builder = json_builder_new ();
      json_builder_begin_object (builder);
      valisectl_add_int (builder, "documents", (gint64) arrival->documents);
      valisectl_add_int (builder, "stored", (gint64) arrival->stored);
      valisectl_add_int (builder, "refused", (gint64) arrival->refused);
      valisectl_add_int (builder, "originals", arrival->originals);
      valisectl_add_int (builder, "originals_stored", arrival->originals_stored);
      valisectl_add_int (builder, "originals_begun", arrival->originals_begun);
      json_builder_end_object (builder);
      valisectl_print_json (builder);
    }
  return arrival->refused == 0 ? EXIT_SUCCESS : VALISECTL_REFUSED;
}

static int
run_read (ValiseAccount *account, const char *path)
{
  ValiseBundleSecret              secret = { NULL, NULL };
  g_autofree char                *passphrase = NULL;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseGate)          rules = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  if (!read_secret (&passphrase, &secret, &error))
    return valisectl_fail (error);
  rules = valise_rules_new_for_home (valise_account_get_home (account), &error);
  if (error == NULL)
    arrival = valise_account_read_bundle (account, path, &secret, rules, NULL, &error);
  valise_passphrase_free (g_steal_pointer (&passphrase));
  return arrival != NULL ? print_arrival (arrival) : fail_bundle (error);
}

/* --- show ---------------------------------------------------------------------------------- */

static void
print_section (JsonBuilder *builder, const ValiseBundleSection *section, guint64 documents)
{
  if (builder == NULL)
    {
      g_print ("%s: %" G_GUINT64_FORMAT " documents%s\n", section->name, documents,
               section->since > 0 ? ", what changed lately" : "");
      return;
    }
  json_builder_begin_object (builder);
  valisectl_add_string (builder, "database", section->name);
  valisectl_add_int (builder, "documents", (gint64) documents);
  valisectl_add_int (builder, "since", section->since);
  valisectl_add_int (builder, "until", section->until);
  json_builder_end_object (builder);
}

static void
print_sections (JsonBuilder *builder, ValiseBundleReader *reader)
{
  const ValiseBundleHeader *header = valise_bundle_reader_get_header (reader);

  for (guint i = 0; i < header->sections->len; i++)
    print_section (builder, g_ptr_array_index (header->sections, i),
                   valise_bundle_reader_count (reader, i));
}

static gint64
sum_originals (ValiseBundleReader *reader)
{
  GPtrArray *originals = valise_bundle_reader_list_originals (reader);
  gint64     sum = 0;

  for (guint i = 0; i < originals->len; i++)
    {
      const ValiseBundleOriginal *original = g_ptr_array_index (originals, i);

      sum += original->end - original->offset;
    }
  return sum;
}

static void
print_bundle (ValiseBundleReader *reader)
{
  const ValiseBundleHeader *header = valise_bundle_reader_get_header (reader);
  g_autofree char          *made = valise_clock_format (header->made_us);
  g_autoptr (JsonBuilder)   builder = NULL;

  if (!valisectl_options.json)
    {
      g_print ("%s, for %s, by %s (device %s), %s, part %" G_GINT64_FORMAT "\n", header->programme,
               header->recipient, or_nothing (header->person), header->maker, made, header->part);
      g_print ("%" G_GUINT64_FORMAT " bytes, %s\n", valise_bundle_reader_get_bytes (reader),
               valise_bundle_reader_is_encrypted (reader) ? "encrypted" : "not encrypted");
      print_sections (NULL, reader);
      g_print ("%u originals, %" G_GINT64_FORMAT " bytes of them here\n",
               valise_bundle_reader_list_originals (reader)->len, sum_originals (reader));
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  valisectl_add_string (builder, "programme", header->programme);
  valisectl_add_string (builder, "for", header->recipient);
  valisectl_add_string (builder, "person", header->person);
  valisectl_add_string (builder, "device", header->maker);
  valisectl_add_string (builder, "made", made);
  valisectl_add_int (builder, "part", header->part);
  valisectl_add_int (builder, "bytes", (gint64) valise_bundle_reader_get_bytes (reader));
  json_builder_set_member_name (builder, "encrypted");
  json_builder_add_boolean_value (builder, valise_bundle_reader_is_encrypted (reader));
  valisectl_add_int (builder, "originals", valise_bundle_reader_list_originals (reader)->len);
  valisectl_add_int (builder, "original_bytes", sum_originals (reader));
  json_builder_set_member_name (builder, "databases");
  json_builder_begin_array (builder);
  print_sections (builder, reader);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  valisectl_print_json (builder);
}

static int
run_show (const char *path)
{
  ValiseBundleSecret             secret = { NULL, NULL };
  g_autofree char               *passphrase = NULL;
  g_autoptr (GError)             error = NULL;
  g_autoptr (ValiseBundleReader) reader = NULL;

  if (!read_secret (&passphrase, &secret, &error))
    return valisectl_fail (error);
  reader = valise_bundle_reader_open (path, &secret, NULL, &error);
  valise_passphrase_free (g_steal_pointer (&passphrase));
  if (reader == NULL)
    return fail_bundle (error);
  print_bundle (reader);
  return EXIT_SUCCESS;
}

int
valisectl_run_bundle (void)
{
  const char               *verb = valisectl_options.arguments[0];
  const char               *path = valisectl_options.arguments[1];
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = NULL;
  int                       status = VALISECTL_USAGE;

  if (g_str_equal (verb, "show"))
    return run_show (path);
  if (!g_str_equal (verb, "write") && !g_str_equal (verb, "read") && !g_str_equal (verb, "request"))
    {
      g_printerr ("valisectl: bundle takes write, read, show or request\n");
      return VALISECTL_USAGE;
    }
  account = valisectl_open_account (&error);
  if (account == NULL)
    return valisectl_fail (error);
  if (g_str_equal (verb, "request"))
    status = run_request (account, path);
  else
    status = g_str_equal (verb, "write") ? run_write (account, path) : run_read (account, path);
  valise_account_close (account);
  return status;
}
