/* valisectl-colleagues.c - the command that lists paired colleagues, and un-pairs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>

#include "valise-clock.h"
#include "valise-colleague.h"

#include "valisectl-print.h"
#include "valisectl.h"

static void
add_colleague (JsonBuilder *builder, const ValiseColleague *colleague)
{
  g_autofree char *paired = valise_clock_format (colleague->paired_us);
  g_autofree char *reached =
      colleague->reached_us > 0 ? valise_clock_format (colleague->reached_us) : NULL;

  json_builder_begin_object (builder);
  valisectl_add_string (builder, "key", colleague->key);
  valisectl_add_string (builder, "person", colleague->person);
  valisectl_add_string (builder, "participant", colleague->participant);
  valisectl_add_string (builder, "role", colleague->role);
  valisectl_add_string (builder, "address", colleague->address);
  valisectl_add_string (builder, "paired", paired);
  valisectl_add_string (builder, "reached", reached);
  json_builder_end_object (builder);
}

static void
print_colleague (const ValiseColleague *colleague)
{
  g_autofree char *reached =
      colleague->reached_us > 0 ? valise_clock_format (colleague->reached_us) : NULL;

  g_print ("%s\t%s\t%s\t%s\t%s\n", colleague->person,
           colleague->participant != NULL ? colleague->participant : "-",
           colleague->address != NULL ? colleague->address : "-", reached != NULL ? reached : "-",
           colleague->key);
}

static int
list (ValiseAccount *account)
{
  g_autoptr (GPtrArray)   colleagues = valise_colleagues_load (account);
  g_autoptr (JsonBuilder) builder = valisectl_options.json ? json_builder_new () : NULL;

  if (builder != NULL)
    json_builder_begin_array (builder);
  for (guint i = 0; i < colleagues->len; i++)
    if (builder != NULL)
      add_colleague (builder, g_ptr_array_index (colleagues, i));
    else
      print_colleague (g_ptr_array_index (colleagues, i));
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      valisectl_print_json (builder);
    }
  return EXIT_SUCCESS;
}

/* A server of this account's that runs meanwhile asks who is one when it is started again; the
 * account's lock sees to it that none does. */
static int
take_out (ValiseAccount *account, const char *name)
{
  g_autoptr (GPtrArray) colleagues = valise_colleagues_load (account);
  ValiseColleague      *colleague = valise_colleagues_find (colleagues, name);
  g_autoptr (GError)    error = NULL;

  if (colleague == NULL)
    {
      g_printerr ("valisectl: no colleague %s, or several of that name; valisectl colleagues lists "
                  "their keys\n",
                  name);
      return VALISECTL_NOT_FOUND;
    }
  if (!valise_colleagues_remove (account, colleague->key, &error))
    return valisectl_fail (error);
  if (!valisectl_options.json)
    g_print ("%s is no colleague any more.\n", colleague->person);
  return valisectl_options.json ? list (account) : EXIT_SUCCESS;
}

int
valisectl_run_colleagues (void)
{
  const char *const        *arguments = (const char *const *) valisectl_options.arguments;
  guint                     given = arguments != NULL ? g_strv_length ((char **) arguments) : 0;
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = NULL;
  int                       status = 0;

  if (given != 0 && !(given == 1 && g_str_equal (arguments[0], "list"))
      && !(given == 2 && g_str_equal (arguments[0], "remove")))
    {
      g_printerr ("valisectl: usage: valisectl colleagues [list | remove NAME|KEY] [--json]\n");
      return VALISECTL_USAGE;
    }
  account = valisectl_open_account (&error);
  if (account == NULL)
    return valisectl_fail (error);
  status = given == 2 ? take_out (account, arguments[1]) : list (account);
  valise_account_close (account);
  return status;
}
