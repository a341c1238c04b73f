/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-format"

#include "config.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-format.h"
#include "valise-language.h"
#include "valise-reading.h"
#include "valise-words.h"

#define RIGHT_TO_LEFT_MARK "\u200f"

static const char *const months[] = {
  NC_ ("month in a date", "January"),   NC_ ("month in a date", "February"),
  NC_ ("month in a date", "March"),     NC_ ("month in a date", "April"),
  NC_ ("month in a date", "May"),       NC_ ("month in a date", "June"),
  NC_ ("month in a date", "July"),      NC_ ("month in a date", "August"),
  NC_ ("month in a date", "September"), NC_ ("month in a date", "October"),
  NC_ ("month in a date", "November"),  NC_ ("month in a date", "December"),
};

static const char *const short_months[] = {
  NC_ ("short month", "Jan"), NC_ ("short month", "Feb"), NC_ ("short month", "Mar"),
  NC_ ("short month", "Apr"), NC_ ("short month", "May"), NC_ ("short month", "Jun"),
  NC_ ("short month", "Jul"), NC_ ("short month", "Aug"), NC_ ("short month", "Sep"),
  NC_ ("short month", "Oct"), NC_ ("short month", "Nov"), NC_ ("short month", "Dec"),
};

static const char *const weekdays[] = {
  NC_ ("weekday", "Monday"),   NC_ ("weekday", "Tuesday"), NC_ ("weekday", "Wednesday"),
  NC_ ("weekday", "Thursday"), NC_ ("weekday", "Friday"),  NC_ ("weekday", "Saturday"),
  NC_ ("weekday", "Sunday"),
};

static const char *const short_weekdays[] = {
  NC_ ("short weekday", "Mon"), NC_ ("short weekday", "Tue"), NC_ ("short weekday", "Wed"),
  NC_ ("short weekday", "Thu"), NC_ ("short weekday", "Fri"), NC_ ("short weekday", "Sat"),
  NC_ ("short weekday", "Sun"),
};

static const char *
month_name (int month)
{
  return g_dpgettext2 (NULL, "month in a date", months[month - 1]);
}

static const char *
short_month_name (int month)
{
  return g_dpgettext2 (NULL, "short month", short_months[month - 1]);
}

/* "2022-12-12", with or without a time after it. */
static gboolean
parse_date (const char *date, GDate *out)
{
  int  year = 0;
  int  month = 0;
  int  day = 0;
  char after = '\0';

  if (date == NULL || sscanf (date, "%4d-%2d-%2d%c", &year, &month, &day, &after) < 3
      || (after != '\0' && after != 'T') || year < 1
      || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;

  g_date_set_dmy (out, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return TRUE;
}

static GDateTime *
now_here (void)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (valise_clock_now () / G_USEC_PER_SEC);

  return g_date_time_to_local (utc);
}

char *
valise_format_isolate (const char *text)
{
  return g_strconcat ("\u2068", text != NULL ? text : "", "\u2069", NULL);
}

char *
valise_format_join (const char *first, ...)
{
  GString *out = g_string_new (NULL);
  gsize    before = 0;
  va_list  parts;

  /* Without it a line that begins with a symbol runs from the left in an Arabic window. */
  if (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL)
    g_string_append (out, RIGHT_TO_LEFT_MARK);
  before = out->len;
  va_start (parts, first);
  for (const char *part = first; part != NULL; part = va_arg (parts, const char *))
    {
      if (*part == '\0')
        continue;
      if (out->len > before)
        g_string_append (out, " · ");
      g_string_append_printf (out, "\u2068%s\u2069", part);
    }
  va_end (parts);
  if (out->len == before)
    g_string_truncate (out, 0);

  return g_string_free (out, FALSE);
}

/* What stands before the first letter are marks of direction. */
static gboolean
is_mark (gunichar c)
{
  return c == 0x200f || c == 0x2068;
}

char *
valise_format_capital (const char *line)
{
  const char *first = line;
  char        capital[6];
  int         length = 0;

  while (is_mark (g_utf8_get_char (first)))
    first = g_utf8_next_char (first);
  if (*first == '\0')
    return g_strdup (line);
  length = g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (first)), capital);
  return g_strdup_printf ("%.*s%.*s%s", (int) (first - line), line, length, capital,
                          g_utf8_next_char (first));
}

char *
valise_format_date (const char *date)
{
  GDate day;

  if (!parse_date (date, &day))
    return g_strdup (date != NULL ? date : "");

  /* Translators: a date, "12 December 2022": day of the month, month, year. */
  return g_strdup_printf (C_ ("date", "%1$d %2$s %3$d"), g_date_get_day (&day),
                          month_name (g_date_get_month (&day)), g_date_get_year (&day));
}

char *
valise_format_date_short (const char *date)
{
  g_autoptr (GDateTime) now = now_here ();
  GDate                 day;

  if (!parse_date (date, &day))
    return g_strdup (date != NULL ? date : "");

  if (g_date_get_year (&day) == g_date_time_get_year (now))
    /* Translators: a date this year, "12 Dec": day of the month, short month. */
    return g_strdup_printf (C_ ("date", "%1$d %2$s"), g_date_get_day (&day),
                            short_month_name (g_date_get_month (&day)));

  /* Translators: a date, "12 Dec 2022": day of the month, short month, year. */
  return g_strdup_printf (C_ ("short date", "%1$d %2$s %3$d"), g_date_get_day (&day),
                          short_month_name (g_date_get_month (&day)), g_date_get_year (&day));
}

char *
valise_format_day (const char *date)
{
  GDate day;

  if (!parse_date (date, &day))
    return g_strdup (date != NULL ? date : "");

  /* Translators: a day, "Tuesday 21 July": weekday, day of the month, month. */
  return g_strdup_printf (C_ ("date", "%1$s %2$d %3$s"),
                          g_dpgettext2 (NULL, "weekday", weekdays[g_date_get_weekday (&day) - 1]),
                          g_date_get_day (&day), month_name (g_date_get_month (&day)));
}

char *
valise_format_days (const char *start, const char *end)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  GDate            from;
  GDate            to;

  if (!parse_date (start, &from) || !parse_date (end, &to) || g_date_compare (&from, &to) >= 0)
    return valise_format_date (start);

  if (g_date_get_month (&from) == g_date_get_month (&to)
      && g_date_get_year (&from) == g_date_get_year (&to))
    /* Translators: some days of one month, "20–24 July 2026": first and last day, month, year. */
    return g_strdup_printf (C_ ("date", "%1$d–%2$d %3$s %4$d"), g_date_get_day (&from),
                            g_date_get_day (&to), month_name (g_date_get_month (&from)),
                            g_date_get_year (&from));

  first = valise_format_date_short (start);
  last = valise_format_date (end);
  /* Translators: from a date to a date: "30 Jun – 4 July 2026". */
  return g_strdup_printf (C_ ("date", "%1$s – %2$s"), first, last);
}

const char *
valise_format_weekday_short (const char *date)
{
  GDate day;

  if (!parse_date (date, &day))
    return "";

  return g_dpgettext2 (NULL, "short weekday", short_weekdays[g_date_get_weekday (&day) - 1]);
}

const char *
valise_format_month_short (const char *date)
{
  GDate day;

  return parse_date (date, &day) ? short_month_name (g_date_get_month (&day)) : "";
}

int
valise_format_day_number (const char *date)
{
  GDate day;

  return parse_date (date, &day) ? g_date_get_day (&day) : 0;
}

char *
valise_format_today (void)
{
  g_autoptr (GDateTime) now = now_here ();

  return g_date_time_format (now, "%Y-%m-%d");
}

int
valise_format_days_between (const char *from, const char *to)
{
  GDate first;
  GDate last;

  if (!parse_date (from, &first) || !parse_date (to, &last))
    return 0;

  return g_date_days_between (&first, &last);
}

char *
valise_format_size (guint64 bytes)
{
  if (bytes < 1000)
    return g_strdup_printf (ngettext ("%u byte", "%u bytes", (gulong) bytes), (guint) bytes);

  if (bytes < 1000 * 1000)
    /* Translators: kilobytes, thousands of bytes. */
    return g_strdup_printf (_ ("%u kB"), (guint) ((bytes + 500) / 1000));

  /* Translators: megabytes, millions of bytes, with one decimal. */
  return g_strdup_printf (_ ("%.1f MB"), (double) bytes / 1e6);
}

char *
valise_format_moment (gint64 time_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) moment = g_date_time_to_local (utc);
  g_autofree char      *clock = g_date_time_format (moment, "%H:%M");
  g_autofree char      *date = g_date_time_format (moment, "%Y-%m-%d");
  g_autofree char      *today = valise_format_today ();
  g_autofree char      *day = NULL;

  if (g_strcmp0 (date, today) == 0)
    return g_steal_pointer (&clock);

  day = valise_format_date_short (date);
  /* Translators: a day and a time: "12 Dec, 14:05". */
  return g_strdup_printf (C_ ("date and time", "%1$s, %2$s"), day, clock);
}

char *
valise_format_moment_whole (gint64 time_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) moment = g_date_time_to_local (utc);
  g_autofree char      *clock = g_date_time_format (moment, "%H:%M");
  g_autofree char      *date = g_date_time_format (moment, "%Y-%m-%d");
  g_autofree char      *day = valise_format_date (date);

  return g_strdup_printf (C_ ("date and time", "%1$s, %2$s"), day, clock);
}

/* The cities whose zones meetings of the United Nations keep; another shows its own name. */
static const char *const cities[] = {
  NC_ ("city", "Addis Ababa"), NC_ ("city", "Bangkok"),  NC_ ("city", "Beirut"),
  NC_ ("city", "Nairobi"),     NC_ ("city", "New York"), NC_ ("city", "Santiago"),
  NC_ ("city", "Vienna"),      NC_ ("city", "Zurich"),
};

char *
valise_format_city (const char *zone)
{
  g_autoptr (GTimeZone) local = zone == NULL ? g_time_zone_new_local () : NULL;
  const char           *name = zone != NULL ? zone : g_time_zone_get_identifier (local);
  const char           *slash = strrchr (name, '/');
  g_autofree char      *city = g_strdup (slash != NULL ? slash + 1 : name);

  g_strdelimit (city, "_", ' ');
  for (guint i = 0; i < G_N_ELEMENTS (cities); i++)
    if (strcmp (cities[i], city) == 0)
      return g_strdup (g_dpgettext2 (NULL, "city", cities[i]));

  return g_steal_pointer (&city);
}

static char *
format_span (GDateTime *from, int minutes)
{
  g_autoptr (GDateTime) to = g_date_time_add_minutes (from, minutes);
  g_autofree char      *first = g_date_time_format (from, "%H:%M");
  g_autofree char      *last = g_date_time_format (to, "%H:%M");

  return minutes > 0 ? g_strconcat (first, "–", last, NULL) : g_steal_pointer (&first);
}

gboolean
valise_format_clocks (const char *starts, int minutes, const char *zone, char **venue, char **here)
{
  g_autoptr (GTimeZone) place = zone != NULL ? g_time_zone_new_identifier (zone) : NULL;
  g_autoptr (GTimeZone) fallback = g_time_zone_new_utc ();
  g_autofree char      *text = starts != NULL ? g_strconcat (starts, ":00", NULL) : NULL;
  g_autoptr (GDateTime) at =
      text != NULL ? g_date_time_new_from_iso8601 (text, place != NULL ? place : fallback) : NULL;
  g_autoptr (GDateTime) local = at != NULL ? g_date_time_to_local (at) : NULL;
  g_autofree char      *span = NULL;

  *venue = NULL;
  *here = NULL;
  if (at == NULL)
    return FALSE;

  *venue = format_span (at, minutes);
  if (g_date_time_get_utc_offset (at) == g_date_time_get_utc_offset (local))
    return TRUE;

  span = format_span (local, minutes);
  if (g_date_time_get_day_of_month (at) == g_date_time_get_day_of_month (local))
    /* Translators: a time on this laptop's clock, after the venue's: "17:00–18:45 here". */
    *here = g_strdup_printf (_ ("%s here"), span);
  else
    {
      g_autofree char *date = g_date_time_format (local, "%Y-%m-%d");

      /* Translators: as "%s here", on another day there: "01:00 Fri here". */
      *here = g_strdup_printf (_ ("%1$s %2$s here"), span, valise_format_weekday_short (date));
    }
  return TRUE;
}

const char *
valise_format_kind (const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *name;
  } names[] = {
    /* Translators: kinds of papers, as United Nations documents name them. */
    { VALISE_READING_RESOLUTION, NC_ ("kind of paper", "Resolution") },
    { VALISE_READING_DECISION, NC_ ("kind of paper", "Decision") },
    { "draft-resolution", NC_ ("kind of paper", "Draft resolution") },
    { "draft-decision", NC_ ("kind of paper", "Draft decision") },
    { VALISE_READING_WORKING_PAPER, NC_ ("kind of paper", "Working paper") },
    { "conference-room-paper", NC_ ("kind of paper", "Conference room paper") },
    { VALISE_READING_NATIONAL_VIEWS, NC_ ("kind of paper", "National views") },
    { "information", NC_ ("kind of paper", "Information") },
    { "list", NC_ ("kind of paper", "List") },
    { "agenda", NC_ ("kind of paper", "Agenda") },
    { "programme-of-work", NC_ ("kind of paper", "Programme of work") },
    { VALISE_READING_REPORT, NC_ ("kind of paper", "Report") },
    { VALISE_READING_NOTE, NC_ ("kind of paper", "Note") },
    { VALISE_READING_LETTER, NC_ ("kind of paper", "Letter") },
    { VALISE_READING_PAPER, NC_ ("kind of paper", "Paper") },
  };

  for (guint i = 0; kind != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].kind, kind) == 0)
      return g_dpgettext2 (NULL, "kind of paper", names[i].name);

  /* A kind of a later profile: its own word is better than none. */
  return kind != NULL ? kind : "";
}

const char *
valise_format_language (const char *code)
{
  static const char *const names[] = { N_ ("Arabic"), N_ ("Chinese"), N_ ("English"),
                                       N_ ("French"), N_ ("Russian"), N_ ("Spanish") };
  const char              *name = code != NULL ? valise_language_get_name (code) : "";

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      return _ (names[i]);

  return name;
}

const char *
valise_format_in_language (const char *code)
{
  static const struct
  {
    const char *code;
    const char *name;
  } names[] = {
    /* Translators: as it stands in "Not yet in Arabic: shown in English". */
    { "ar", NC_ ("in a language", "Arabic") },  { "zh", NC_ ("in a language", "Chinese") },
    { "en", NC_ ("in a language", "English") }, { "fr", NC_ ("in a language", "French") },
    { "ru", NC_ ("in a language", "Russian") }, { "es", NC_ ("in a language", "Spanish") },
  };

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].code, code) == 0)
      return g_dpgettext2 (NULL, "in a language", names[i].name);

  return code != NULL ? code : "";
}

const char *
valise_format_role (const char *role)
{
  static const struct
  {
    const char *role;
    const char *name;
  } names[] = {
    /* Translators: what a person is to the programme. */
    { "delegate", N_ ("Delegate") },       { "head", N_ ("Head of delegation") },
    { "secretariat", N_ ("Secretariat") }, { "chair", N_ ("Chair") },
    { "translator", N_ ("Translator") },   { "observer", N_ ("Observer") },
    { "expert", N_ ("Expert") },
  };

  for (guint i = 0; role != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].role, role) == 0)
      return _ (names[i].name);

  return role != NULL ? role : "";
}

char *
valise_format_participant (const char *participant)
{
  g_autofree char *key = NULL;
  const char      *name = NULL;

  if (participant == NULL)
    return g_strdup ("");
  if (g_str_has_prefix (participant, "org-"))
    participant += strlen ("org-");

  key = g_ascii_strdown (participant, -1);
  name = valise_words_get_participant (key, valise_format_interface_language ());
  return name != NULL ? g_strdup (name) : g_ascii_strup (participant, -1);
}

const char *
valise_format_interface_language (void)
{
  for (const char *const *name = g_get_language_names (); *name != NULL; name++)
    {
      const char *language = valise_language_normalise (*name);

      if (language != NULL && strcmp (*name, "C") != 0)
        return language;
    }
  return "en";
}
