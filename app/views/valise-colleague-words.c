/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-colleague-words"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-colleague-words.h"
#include "valise-format.h"
#include "valise-peer-error.h"

/* Not the sentences for the secretariat's server: here it is a colleague's laptop. */
static const char *
explain_visit (const GError *error)
{
  if (error->domain != VALISE_PEER_ERROR)
    return _ ("What it brought could not be kept here. Make room on this laptop, then try again.");
  switch (error->code)
    {
    case VALISE_PEER_ERROR_NETWORK:
      return _ ("Not on this network now, or not sharing.");
    case VALISE_PEER_ERROR_IDENTITY:
      return _ ("Another laptop answered in its place, so nothing was sent. Try again on a network "
                "that you trust.");
    case VALISE_PEER_ERROR_CREDENTIALS:
      return _ ("Their laptop does not share with this one any more. To share again, pair again.");
    default:
      return _ ("Their laptop could not be asked. Valise tries again by itself.");
    }
}

char *
valise_colleague_describe (const ValiseVicinityColleague *colleague)
{
  g_autofree char *moment =
      colleague->reached_us > 0 ? valise_format_moment (colleague->reached_us) : NULL;
  g_autofree char *last = NULL, *waiting = NULL, *refused = NULL, *line = NULL;
  guint            count = (guint) MIN (colleague->waiting, G_MAXINT);

  if (colleague->busy)
    return g_strdup (_ ("Being exchanged…"));
  /* Translators: %s is a time, "14:05", or a day and a time. */
  last = moment != NULL ? g_strdup_printf (_ ("last exchanged at %s"), moment)
                        : g_strdup (_ ("nothing exchanged yet"));
  if (count > 0)
    /* Translators: documents that a colleague does not have yet. */
    waiting = g_strdup_printf (ngettext ("%u document waits", "%u documents wait", count), count);
  if (colleague->refused > 0)
    refused = g_strdup_printf (
        ngettext ("%u document refused", "%u documents refused", colleague->refused),
        colleague->refused);
  line = valise_format_join (
      /* Translators: a colleague’s laptop is on this network. */
      colleague->near ? _ ("near") : "", last, waiting != NULL ? waiting : "",
      refused != NULL ? refused : "",
      colleague->problem != NULL && !colleague->near ? explain_visit (colleague->problem) : "",
      NULL);
  return valise_format_capital (line);
}

char *
valise_colleague_describe_sharing (ValiseVicinity *vicinity)
{
  const char *address = valise_vicinity_get_address (vicinity);

  switch (valise_vicinity_get_state (vicinity))
    {
    case VALISE_SHARING_ON:
      /* Translators: %s is an address: "192.168.1.7". */
      return g_strdup_printf (_ ("Paired colleagues reach this laptop at %s"),
                              address != NULL ? address : "");
    case VALISE_SHARING_STARTING:
      return g_strdup (_ ("Being turned on…"));
    case VALISE_SHARING_POLICY:
      return g_strdup (_ ("Waiting: what you set under Connection lets nothing move now"));
    case VALISE_SHARING_NETWORK:
      return g_strdup (_ ("Waiting: this laptop is on no local network"));
    case VALISE_SHARING_FAILED:
      return g_strdup (_ ("This laptop cannot be reached here. Turn sharing off and on again; if "
                          "that does not help, restart it."));
    case VALISE_SHARING_OFF:
    default:
      return g_strdup (_ ("Off: no other laptop can reach this one"));
    }
}

char *
valise_colleague_summarise (ValiseVicinity *vicinity)
{
  g_autoptr (GPtrArray) list = valise_vicinity_list (vicinity);
  g_autofree char      *paired = NULL, *nearby = NULL;
  guint                 near = 0;

  for (guint i = 0; i < list->len; i++)
    near += ((const ValiseVicinityColleague *) g_ptr_array_index (list, i))->near ? 1 : 0;
  if (list->len == 0)
    return g_strdup (_ ("Laptops in one room exchange without a network outside"));
  paired = g_strdup_printf (ngettext ("%u paired", "%u paired", list->len), list->len);
  if (!valise_vicinity_get_sharing (vicinity))
    /* Translators: sharing with colleagues is turned off. */
    return valise_format_join (paired, _ ("sharing is off"), NULL);
  /* Translators: colleagues’ laptops on this network. */
  nearby = near > 0 ? g_strdup_printf (ngettext ("%u near", "%u near", near), near)
                    : g_strdup (_ ("nobody near"));
  return valise_format_join (paired, nearby, NULL);
}

char *
valise_colleague_explain_pairing (const GError *error)
{
  const char *sentence = NULL;

  switch (error->domain == VALISE_PEER_ERROR ? error->code : -1)
    {
    case VALISE_PEER_ERROR_IDENTITY:
      sentence =
          _ ("The other laptop goes by the name of someone you know, and the secretariat has "
             "not certified it. Nothing was shared. Ask your secretariat before you try again.");
      break;
    case VALISE_PEER_ERROR_FORBIDDEN:
      sentence = _ ("The other laptop did not agree. Open this page on it too, compare the digits, "
                    "and choose the same on both.");
      break;
    case VALISE_PEER_ERROR_BUSY:
      sentence =
          _ ("The other laptop was asked too often. Close this page on it and open it again.");
      break;
    case VALISE_PEER_ERROR_PROTOCOL:
    case VALISE_PEER_ERROR_MISSING:
      sentence = _ ("What is at this address is no laptop that can pair. Check the address.");
      break;
    default:
      sentence =
          _ ("Nobody answers at this address. Check that both laptops are on the same network "
             "and that this page is open on the other one.");
    }
  return g_strdup (sentence);
}

char *
valise_colleague_name (const char *person, const char *participant)
{
  g_autofree char *name = valise_format_isolate (person);
  g_autofree char *of = valise_format_participant (participant);
  g_autofree char *whose = valise_format_isolate (of);

  /* Translators: a person, and a delegation or organization: "Jun Park, Republic of Korea". */
  return participant != NULL ? g_strdup_printf (_ ("%1$s, %2$s"), name, whose)
                             : g_steal_pointer (&name);
}
