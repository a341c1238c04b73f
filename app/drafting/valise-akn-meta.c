/* valise-akn-meta.c - what an Akoma Ntoso file says about its document
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files of the United Nations say much twice, in <meta> and on the cover page, and either
 * can be missing; what is nearer to a machine is believed first.
 */

#define G_LOG_DOMAIN "valise-akn"

#include "config.h"

#include <string.h>

#include "valise-akn-meta.h"
#include "valise-language.h"
#include "valise-marker.h"
#include "valise-symbol.h"

#define MAX_SPONSORS 400  /* States, and what some of them add in parentheses */
#define MAX_BY       8000 /* bytes of their list; the longest known has 2,000 */
#define MAX_ITEMS    20   /* agenda items of one paper */

/* The names that hold an "and"; the files have them in English in every language. */
static const char *const NAMES_WITH_AND[] = {
  "Antigua and Barbuda",   "Bosnia and Herzegovina",
  "Saint Kitts and Nevis", "Saint Vincent and the Grenadines",
  "Sao Tome and Principe", "São Tomé and Príncipe",
  "Trinidad and Tobago",   "Great Britain and Northern Ireland"
};

static void
set (char **field, char *value)
{
  if (value == NULL)
    return;

  g_free (*field);
  *field = value;
}

/* The first element @name within @root whose @attribute is @value. */
static xmlNode *
search_with (xmlNode *root, const char *name, const char *attribute, const char *value)
{
  for (xmlNode *node = root; node != NULL; node = valise_xml_next (node, root))
    if (valise_xml_is (node, name))
      {
        g_autofree char *found = valise_xml_dup_attribute (node, attribute);

        if (g_strcmp0 (found, value) == 0)
          return node;
      }

  return NULL;
}

/* "2022-12-07"; NULL where it is no date, or the 0001-01-01 that stands for none. */
static char *
check_date (char *date)
{
  g_autoptr (GDateTime) parsed = NULL;
  g_autofree char      *whole = NULL;

  if (date == NULL)
    return NULL;

  whole = g_strconcat (date, "T00:00:00Z", NULL);
  if (strlen (date) == 10)
    parsed = g_date_time_new_from_iso8601 (whole, NULL);
  if (parsed == NULL || g_date_time_get_year (parsed) < 1945)
    g_clear_pointer (&date, g_free);

  return date;
}

static char *
normalise (char *symbol)
{
  char *normal = symbol != NULL ? valise_symbol_normalise (symbol) : NULL;

  g_free (symbol);

  return normal;
}

static void
read_symbol (xmlNode *statement, ValiseReading *reading)
{
  xmlNode *number = search_with (statement, "docNumber", "refersTo", "#symbol");

  set (&reading->symbol, normalise (valise_xml_dup_text (number)));

  for (xmlNode *node = statement; node != NULL && reading->symbol == NULL;
       node = valise_xml_next (node, statement))
    if (valise_xml_is (node, "docNumber"))
      {
        g_autofree char *text = valise_xml_dup_text (node);
        g_autofree char *prose = g_strconcat ("resolution ", text, NULL);

        set (&reading->symbol, text != NULL ? valise_symbol_normalise (text) : NULL);
        if (reading->symbol == NULL)
          set (&reading->symbol, valise_symbol_normalise (prose));
      }
}

static void
read_identification (xmlNode *meta, ValiseReading *reading)
{
  xmlNode         *work = valise_xml_search (meta, "FRBRWork");
  xmlNode         *author = work != NULL ? valise_xml_search (work, "FRBRauthor") : NULL;
  xmlNode         *language = valise_xml_search (meta, "FRBRlanguage");
  g_autofree char *code = valise_xml_dup_attribute (language, "language");
  g_autofree char *href = valise_xml_dup_attribute (author, "href");

  set (&reading->language, g_strdup (code != NULL ? valise_language_normalise (code) : NULL));
  if (href != NULL)
    set (&reading->body,
         g_strdup (strrchr (href, '/') != NULL ? strrchr (href, '/') + 1 : href + (*href == '#')));
  set (&reading->date, check_date (valise_xml_dup_attribute (
                           search_with (meta, "FRBRdate", "name", "adoption"), "date")));
  set (&reading->published, check_date (valise_xml_dup_attribute (
                                search_with (meta, "FRBRdate", "name", "publication"), "date")));
  set (&reading->job_number, valise_xml_dup_text (valise_xml_search (meta, "docketNumber")));
}

static void
read_vote (xmlNode *meta, ValiseReading *reading)
{
  xmlNode *voting = valise_xml_search (meta, "voting");

  for (xmlNode *node = voting; node != NULL; node = valise_xml_next (node, voting))
    {
      g_autofree char *what = NULL;
      g_autofree char *value = NULL;
      guint            count = 0;

      if (!valise_xml_is (node, "count"))
        continue;

      what = valise_xml_dup_attribute (node, "refersTo");
      value = valise_xml_dup_attribute (node, "value");
      count = value != NULL ? (guint) MIN (g_ascii_strtoull (value, NULL, 10), 1000) : 0;
      what = what != NULL ? what : g_strdup ("");

      if (g_str_has_suffix (what, "inFavour"))
        reading->vote.in_favour = count;
      else if (g_str_has_suffix (what, "against"))
        reading->vote.against = count;
      else if (g_str_has_suffix (what, "abstaining"))
        reading->vote.abstaining = count;
      else
        continue;

      reading->vote.recorded = TRUE;
    }
}

/* Where the "and" of "Ukraine and Zambia" begins in @names; NULL where it has none, or only
 * within a name or parentheses. */
static const char *
find_and (const char *names)
{
  for (const char *and = strstr (names, " and "); and != NULL; and = strstr (and+1, " and "))
    {
      gboolean within = FALSE;
      int      depth = 0;

      for (guint i = 0; i < G_N_ELEMENTS (NAMES_WITH_AND) && !within; i++)
        {
          const char *name = strstr (names, NAMES_WITH_AND[i]);
          gsize       length = strlen (NAMES_WITH_AND[i]);

          within = name != NULL && and > name && and < name + length;
        }

      for (const char *p = names; p < and; p++)
        depth += (*p == '(') - (*p == ')');

      if (!within && depth <= 0)
        return and;
    }

  return NULL;
}

static void
add_name (GPtrArray *names, const char *start, gsize length)
{
  char *name = g_strstrip (g_strndup (start, length));

  if (*name == '\0' || names->len >= MAX_SPONSORS)
    g_free (name);
  else
    g_ptr_array_add (names, name);
}

void
valise_akn_split_sponsors (const char *by, GPtrArray *names)
{
  const char *start = by;
  const char *and = NULL;
  int depth = 0;

  g_return_if_fail (by != NULL && names != NULL);

  if (strlen (by) > MAX_BY)
    return;

  /* An officer is one, with what is said of the consultations. */
  if (g_str_has_prefix (by, "submitted by "))
    {
      add_name (names, by + strlen ("submitted by "), strlen (by) - strlen ("submitted by "));
      return;
    }

  for (const char *p = by; *p != '\0'; p++)
    {
      depth += (*p == '(') - (*p == ')');
      if (*p == ',' && depth <= 0)
        {
          add_name (names, start, (gsize) (p - start));
          start = p + 1;
        }
    }

  and = find_and (start);
  if (and != NULL)
    {
      add_name (names, start, (gsize) (and-start));
      start = and+strlen (" and ");
    }
  else if (g_str_has_prefix (start, " and "))
    start += strlen (" and ");
  add_name (names, start, strlen (start));
}

static void
read_workflow (xmlNode *meta, ValiseReading *reading)
{
  xmlNode *workflow = valise_xml_search (meta, "workflow");

  for (xmlNode *node = workflow; node != NULL; node = valise_xml_next (node, workflow))
    {
      g_autofree char *outcome = NULL;
      g_autofree char *by = NULL;
      char            *symbol = NULL;

      if (!valise_xml_is (node, "step"))
        continue;

      outcome = valise_xml_dup_attribute (node, "outcome");
      by = valise_xml_dup_attribute (node, "by");
      symbol = normalise (valise_xml_dup_attribute (node, "as"));

      if (g_strcmp0 (outcome, "draftResolution") == 0)
        {
          set (&reading->draft_symbol, g_steal_pointer (&symbol));
          if (by != NULL)
            valise_akn_split_sponsors (by, reading->sponsors);
        }
      else if (g_strcmp0 (outcome, "draftResolutionAdditionalSponsors") == 0 && by != NULL)
        valise_akn_split_sponsors (by, reading->additional_sponsors);
      else if (g_strcmp0 (outcome, "recommendedForAdoption") == 0)
        set (&reading->report_symbol, g_steal_pointer (&symbol));
      else if (g_strcmp0 (outcome, "adopted") == 0)
        set (&reading->meeting_symbol, g_steal_pointer (&symbol));
      g_free (symbol);
    }
}

/* "البند 24 (ب) من جدول الأعمال" → "24 (b)": every number with the letter that follows it. */
static void
add_agenda_items (const char *text, GPtrArray *items)
{
  for (const char *p = text; *p != '\0' && items->len < MAX_ITEMS;)
    {
      ValiseMarker letter = { 0 };
      guint        number = 0;

      if (!g_unichar_isdigit (g_utf8_get_char (p)))
        {
          p = g_utf8_next_char (p);
          continue;
        }

      for (; g_unichar_isdigit (g_utf8_get_char (p)) && number < 1000; p = g_utf8_next_char (p))
        number = number * 10 + (guint) g_unichar_digit_value (g_utf8_get_char (p));

      if (valise_marker_read (p, &letter) && letter.style == VALISE_MARKER_LETTER)
        {
          const char *shown = *letter.other != '\0' ? letter.other : letter.letters;

          g_ptr_array_add (items, g_strdup_printf ("%u (%s)", number, shown));
          p += letter.length;
        }
      else
        g_ptr_array_add (items, g_strdup_printf ("%u", number));
    }
}

/* @first and @second, which it takes, as one; Han text has no space between lines. */
static char *
join_lines (const char *first, char *second)
{
  const char *last = NULL;
  char       *joined = NULL;

  if (first == NULL || second == NULL)
    return second;

  last = g_utf8_find_prev_char (first, first + strlen (first));
  joined = g_strconcat (first, g_utf8_get_char (last) < 0x2e80 ? " " : "", second, NULL);
  g_free (second);

  return joined;
}

static void
read_agenda (xmlNode *cover, ValiseReading *reading)
{
  for (xmlNode *node = cover; node != NULL; node = valise_xml_next (node, cover))
    {
      g_autofree char *name = NULL;
      g_autofree char *text = NULL;

      if (!valise_xml_is (node, "inline"))
        continue;

      name = valise_xml_dup_attribute (node, "name");
      if (g_strcmp0 (name, "agenda item") == 0)
        {
          text = valise_xml_dup_attribute (node, "title");
          if (text == NULL)
            text = valise_xml_dup_text (node);
          if (text != NULL)
            add_agenda_items (text, reading->agenda_items);
        }
      else if (g_strcmp0 (name, "agenda item name") == 0)
        set (&reading->agenda_title,
             join_lines (reading->agenda_title, valise_xml_dup_text (node)));
    }
}

/* The annotated agenda's symbol stands as the dictionary that its items are keywords of. */
static void
read_agenda_document (xmlNode *meta, ValiseReading *reading)
{
  xmlNode *keyword = search_with (meta, "keyword", "refersTo", "agenda");

  set (&reading->agenda_document, normalise (valise_xml_dup_attribute (keyword, "dictionary")));
}

/* The committee is named by its term, in English; the document it reported in, on the cover. */
static void
read_committee (xmlNode *statement, xmlNode *cover, ValiseReading *reading)
{
  xmlNode         *proponent = valise_xml_search (cover, "docProponent");
  g_autofree char *refers = valise_xml_dup_attribute (proponent, "refersTo");
  g_autofree char *text = valise_xml_dup_text (proponent);

  if (refers != NULL && *refers == '#' && strcmp (refers, "#noMainCommittee") != 0)
    set (&reading->committee, valise_xml_dup_attribute (
                                  search_with (statement, "TLCTerm", "eId", refers + 1), "showAs"));

  if (text != NULL && reading->report_symbol == NULL)
    {
      g_autoptr (GPtrArray)   spans = valise_symbol_find_in_text (text);
      const ValiseSymbolSpan *span = spans->len > 0 ? g_ptr_array_index (spans, 0) : NULL;

      if (span != NULL)
        set (&reading->report_symbol, g_strdup (span->symbol));
    }
}

static void
read_cover (xmlNode *statement, xmlNode *cover, ValiseReading *reading)
{
  xmlNode *session = valise_xml_search (cover, "session");

  set (&reading->session, valise_xml_dup_attribute (session, "value"));
  set (&reading->author,
       valise_xml_dup_text (search_with (cover, "docAuthority", "refersTo", "#issuingBody")));
  if (reading->published == NULL)
    set (&reading->published,
         check_date (valise_xml_dup_attribute (
             search_with (cover, "docDate", "refersTo", "#dateOfIssuance"), "date")));

  read_agenda (cover, reading);
  read_committee (statement, cover, reading);
}

static void
read_conclusions (xmlNode *conclusions, ValiseReading *reading)
{
  xmlNode *meeting = search_with (conclusions, "inline", "name", "adoptionMeeting");

  if (meeting == NULL)
    meeting = search_with (conclusions, "location", "refersTo", "#adoptionMeeting");
  set (&reading->meeting, valise_xml_dup_text (meeting));

  if (reading->date == NULL)
    set (&reading->date,
         check_date (valise_xml_dup_attribute (
             search_with (conclusions, "docDate", "refersTo", "#adoptionDate"), "date")));
}

static void
read_kind (xmlNode *statement, ValiseReading *reading)
{
  static const char *const kinds[] = { VALISE_READING_RESOLUTION,    VALISE_READING_DECISION,
                                       VALISE_READING_WORKING_PAPER, VALISE_READING_NATIONAL_VIEWS,
                                       VALISE_READING_REPORT,        VALISE_READING_NOTE,
                                       VALISE_READING_LETTER };
  g_autofree char         *name = valise_xml_dup_attribute (statement, "name");
  g_autoptr (ValiseSymbol) symbol =
      reading->symbol != NULL ? valise_symbol_parse (reading->symbol) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (name, kinds[i]) == 0)
      {
        set (&reading->kind, g_strdup (kinds[i]));
        return;
      }

  if (symbol != NULL)
    set (&reading->kind, g_strdup (valise_symbol_get_kind (symbol)));
}

void
valise_akn_read_meta (xmlNode *statement, ValiseReading *reading)
{
  xmlNode *meta = NULL;
  xmlNode *cover = NULL;
  xmlNode *conclusions = NULL;

  g_return_if_fail (statement != NULL && reading != NULL);

  meta = valise_xml_find (statement, "meta");
  cover = valise_xml_find (statement, "coverPage");
  conclusions = valise_xml_find (statement, "conclusions");

  read_symbol (statement, reading);
  read_kind (statement, reading);
  if (meta != NULL)
    {
      read_identification (meta, reading);
      read_vote (meta, reading);
      read_workflow (meta, reading);
      read_agenda_document (meta, reading);
      if (search_with (meta, "FRBRauthor", "href", "DGACM") != NULL)
        set (&reading->source, g_strdup ("United Nations, through UNxml; unofficial copy"));
    }
  if (cover != NULL)
    read_cover (statement, cover, reading);
  if (conclusions != NULL)
    read_conclusions (conclusions, reading);
}
