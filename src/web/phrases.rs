//! What pages say, in German and English.

use crate::domain::Language;

/// Declares what pages say: `name = "German", "English";`.
macro_rules! phrases {
    ($phrases:ident: $($name:ident = $de:literal, $en:literal;)*) => {
        /// What pages say, in one language.
        #[derive(Debug)]
        pub(crate) struct $phrases {
            $(#[doc = concat!("“", $en, "”")] pub(crate) $name: &'static str,)*
        }

        impl $phrases {
            const GERMAN: Self = Self { $($name: $de,)* };
            const ENGLISH: Self = Self { $($name: $en,)* };

            /// Those of a language.
            pub(crate) const fn of(language: Language) -> &'static Self {
                match language {
                    Language::German => &Self::GERMAN,
                    Language::English => &Self::ENGLISH,
                }
            }
        }
    };
}

mod work;

pub(crate) use work::WorkPhrases;

phrases! {
    Phrases:

    // Around every page
    lang = "de", "en";
    claim = "Was Kommunen voneinander lernen", "What municipalities learn from each other";
    skip = "Zum Inhalt", "Skip to content";
    main_navigation = "Hauptnavigation", "Main navigation";
    solutions = "Lösungen", "Solutions";
    municipalities = "Kommunen", "Municipalities";
    questions = "Fragen", "Questions";
    contacts = "Kontakte", "Contacts";
    documents = "Dokumente", "Documents";
    developers = "Für Entwickler", "For developers";
    imprint = "Impressum", "Imprint";
    privacy = "Datenschutz", "Privacy";
    accessibility = "Barrierefreiheit", "Accessibility";
    plain_language = "Leichte Sprache", "Plain language";
    about_this_hub = "Über diesen Hub", "About this hub";
    sign_in = "Anmelden", "Sign in";
    sign_out = "Abmelden", "Sign out";
    my_work = "Meine Arbeit", "My work";
    other_language = "English", "Deutsch";
    other_lang = "en", "de";
    looking_from = "Sie schauen aus", "You look from";
    choose_municipality = "Meine Kommune wählen", "Choose my municipality";

    // Searching
    search = "Suchen", "Search";
    entries = "Einträge", "Entries";
    search_label = "Was beschäftigt Sie?", "What are you working on?";
    search_hint = "Zum Beispiel: Hausarzt geht in Rente, Bus fährt selten, Ladensterben", "For example: doctor retires, few buses, shops close";
    my_municipality = "Meine Kommune", "My municipality";
    my_municipality_hint = "Dann sehen Sie zuerst, was Orte wie Ihrer getan haben.", "Then you see first what places like yours did.";
    take = "Übernehmen", "Apply";
    forget = "Nicht mehr berücksichtigen", "No longer use it";

    // The start page
    start_title = "Was hat in Orten wie unserem funktioniert?", "What worked in places like ours?";
    start_lead = "Allmende sammelt, was Kommunen ausprobiert haben: was es gekostet hat, was schiefging, wen man anrufen kann. Vom Dorf mit 240 Menschen bis zur Großstadt.", "Allmende collects what municipalities have tried: what it cost, what went wrong, whom to call. From a village of 240 people to a big city.";
    newest = "Neu hinzugekommen", "Recently added";
    by_topic = "Nach Thema", "By topic";
    all_solutions = "Alle Lösungen", "All solutions";
    one_new = "1 neue Lösung", "1 new solution";
    many_new = "neue Lösungen", "new solutions";
    show = "anzeigen", "show";
    live_pause = "Hinweise anhalten", "Pause notices";

    // Results
    results_for = "Lösungen zu", "Solutions for";
    one_solution = "Lösung", "solution";
    many_solutions = "Lösungen", "solutions";
    narrow = "Eingrenzen", "Narrow down";
    active_filters = "Aktive Filter", "Active filters";
    remove_filter = "Filter entfernen:", "Remove filter:";
    clear_filters = "Alle Filter entfernen", "Remove all filters";
    more_values = "weitere", "more";
    order = "Reihenfolge", "Order";
    by_relevance = "passendste zuerst", "best match first";
    by_newest = "neueste zuerst", "newest first";
    by_title = "nach Titel", "by title";
    did_you_mean = "Meinten Sie", "Did you mean";
    understood_as = "Gesucht wurde auch nach", "Also searched for";
    nothing_found = "Dazu gibt es noch keine Lösung.", "There is no solution for that yet.";
    nothing_found_help = "Das hilft oft: weniger oder allgemeinere Wörter, ein Filter weniger, ein anderes Wort für dasselbe. Oder stellen Sie anderen Kommunen eine Frage.", "What often helps: fewer or more general words, one filter less, another word for the same. Or ask other municipalities a question.";
    partly = "Die folgenden passen nur zum Teil.", "The following match only in part.";
    next_page = "Weitere Ergebnisse", "More results";
    first_page = "Zurück zum Anfang", "Back to the first page";
    feed = "Neues als Feed (Atom)", "News as a feed (Atom)";
    alike = "ähnlich wie", "like";
    not_alike = "anders als", "unlike";
    found_in = "Fundstelle", "Found in";

    // One solution
    problem = "Worum ging es?", "What was the problem?";
    approach = "Was wurde getan?", "What was done?";
    steps = "Wie ging man vor?", "How was it done?";
    results = "Was kam dabei heraus?", "What came of it?";
    costs_and_work = "Was hat es gekostet, wer hat daran gearbeitet?", "What did it cost, who worked on it?";
    failed = "Was ging schief, was hat man gelernt?", "What went wrong, what was learned?";
    conditions = "Was muss vor Ort stimmen?", "What must be true locally?";
    whom_to_call = "Wen kann man fragen?", "Whom to ask";
    adopted_by = "Wo wurde es übernommen?", "Where was it adopted?";
    similar = "Ähnliche Lösungen", "Similar solutions";
    related = "Verwandte Lösungen", "Related solutions";
    sources = "Quellen", "Sources";
    citation = "So zitieren", "Cite as";
    versions = "Fassungen", "Versions";
    version = "Fassung", "Version";
    current_version = "aktuell", "current";
    at_a_glance = "Auf einen Blick", "At a glance";
    status = "Stand", "Status";
    period = "Zeitraum", "Period";
    since = "seit", "since";
    until = "bis", "until";
    topics = "Themen", "Topics";
    target_groups = "Für wen", "For whom";
    effort = "Aufwand", "Effort";
    evidence = "Beleg der Wirkung", "Evidence";
    quality = "Prüfung", "Checked";
    one_off = "Einmalig", "One-off";
    yearly = "Im Jahr", "Per year";
    prices_of = "Preise von", "Prices of";
    staff = "Personal", "Staff";
    full_time = "Vollzeitstellen", "full-time posts";
    volunteer_hours = "ehrenamtliche Stunden", "volunteer hours";
    funding = "Förderung", "Funding";
    partners = "Beteiligte", "Partners";
    legal_basis = "Rechtsgrundlage", "Legal basis";
    digital_tools = "Digitale Werkzeuge", "Digital tools";
    participation = "Beteiligung", "Participation";
    copyable = "Übertragbar ist", "Can be copied";
    local = "Besonders vor Ort war", "Special to the place";
    prerequisites = "Voraussetzungen", "Prerequisites";
    sustaining = "Wie es weiterläuft", "How it is sustained";
    would_change = "Das würde man heute anders machen", "What they would do differently";
    lessons = "Gelernt", "Lessons";
    difficulties = "Schwierigkeiten", "Difficulties";
    not_known = "nicht bekannt", "not known";
    nothing_told = "Dazu hat die Kommune noch nichts geschrieben.", "The municipality has not written about this yet.";
    on_request = "Die Adresse wird nicht gezeigt; eine Nachricht leitet der Hub weiter.", "The address is not shown; the hub passes a message on.";
    outdated = "Niemand hat bestätigt, dass es diese Lösung noch so gibt.", "Nobody has confirmed that this still exists as described.";
    published_on = "Veröffentlicht am", "Published on";
    updated_on = "geändert am", "changed on";
    licence = "Lizenz", "Licence";
    broken_link = "nicht erreichbar", "cannot be reached";
    months_to_effect = "Wirkung nach (Monaten)", "Months to effect";
    keywords = "Stichwörter", "Keywords";

    // One municipality
    inhabitants = "Einwohner", "inhabitants";
    key_figures = "Zahlen im Vergleich", "Figures compared";
    figure = "Zahl", "Figure";
    value = "Wert", "Value";
    middle_of_all = "Mitte aller Kommunen", "Middle of all municipalities";
    middle_half = "Mittlere Hälfte", "Middle half";
    higher_than = "höher als", "higher than";
    percent_of_all = "% aller Kommunen", "% of all municipalities";
    as_table = "Als Tabelle", "As a table";
    source = "Quelle", "Source";
    peers = "Ähnliche Kommunen", "Municipalities alike";
    peers_lead = "Nach den Zahlen, die für beide bekannt sind.", "By the figures that are known of both.";
    weak_basis = "Nur wenige Zahlen sind bekannt.", "Only few figures are known.";
    map_of = "Karte der ähnlichen Kommunen", "Map of municipalities alike";
    its_solutions = "Lösungen aus", "Solutions from";
    no_solutions_yet = "Von hier gibt es noch keine Lösung.", "There is no solution from here yet.";
    process = "Strategieprozess in fünf Schritten", "Strategy process in five steps";
    step_done = "abgeschlossen", "done";
    step_running = "läuft", "running";
    step_planned = "geplant", "planned";
    step_unknown = "nicht bekannt", "not known";
    measures = "Maßnahmen", "Measures";
    strengths = "Stärken", "Strengths";
    weaknesses = "Schwächen", "Weaknesses";
    opportunities = "Chancen", "Opportunities";
    threats = "Risiken", "Threats";
    reached = "Erreicht", "Reached";
    not_reached = "Nicht erreicht", "Not reached";
    changed = "Geändert", "Changed";
    compare = "Vergleichen", "Compare";
    compare_title = "Kommunen nebeneinander", "Municipalities side by side";
    compare_lead = "Zwei bis vier Kommunen, Zahl für Zahl.", "Two to four municipalities, figure by figure.";
    compare_add = "Kommune hinzufügen", "Add a municipality";
    no_such_place = "Diese Kommune ist nicht bekannt", "This municipality is not known";
    remove = "entfernen", "remove";
    website = "Website", "Website";
    use_as_mine = "Als meine Kommune verwenden", "Use as my municipality";
    part_of = "gehört zu", "part of";
    members = "Mitglieder", "Members";

    // Lists
    search_in = "Darin suchen", "Search in it";
    no_entries = "Nichts gefunden.", "Nothing found.";
    asked_by = "gefragt von", "asked by";
    accepted_answer = "Angenommene Antwort", "Accepted answer";
    pages = "Seiten", "pages";

    // One question
    answers = "Antworten", "Answers";
    no_answers_yet = "Noch hat niemand geantwortet.", "Nobody has answered yet.";
    same_question = "Wer dieselbe Frage hat", "Who has the same question";
    nobody_else_yet = "Bisher sonst niemand.", "Nobody else so far.";
    answer_needs_sign_in = "Sie wissen Rat, oder Sie haben dieselbe Frage?", "You know an answer, or you have the same question?";

    // Versions side by side
    title = "Titel", "Title";
    teaser = "Kurztext", "Teaser";
    costs = "Kosten", "Costs";
    compare_versions = "Fassungen vergleichen", "Compare versions";
    versions_title = "Was sich zwischen zwei Fassungen geändert hat", "What changed between two versions";
    older_version = "Von Fassung", "From version";
    newer_version = "Zu Fassung", "To version";
    no_two_versions = "Bitte wählen Sie zwei verschiedene Fassungen. Gibt es nur eine, ist nichts zu vergleichen.", "Please choose two different versions. If there is only one, there is nothing to compare.";
    no_differences = "Diese Fassungen sagen dasselbe.", "These versions say the same.";
    how_to_read_versions = "So ist es gekennzeichnet:", "This is how it is marked:";
    gone = "weggefallen", "gone";
    added = "hinzugekommen", "added";

    // Watching a search
    watch_this = "Diese Suche beobachten", "Watch this search";
    watch_title = "Suche beobachten", "Watch a search";
    watch_lead = "Sie erfahren, wenn eine Lösung dazu veröffentlicht wird. Aufhören können Sie jederzeit.", "You hear when a solution for it is published. You can stop at any time.";
    watch_what = "Das wird beobachtet", "What is watched";
    watch_everything = "Alle Lösungen.", "All solutions.";
    words = "Suchwörter", "Words";
    to_the_results = "Zu den Ergebnissen von heute", "To the results of today";
    in_the_last = "In den letzten", "In the last";
    days_would_have_brought = "Tagen hätten Sie erfahren von", "days you would have heard of";
    watch_how = "So erfahren Sie davon", "How you hear of it";
    watch_name = "Name der Beobachtung", "Name of the watch";
    watch_way = "Weg", "Way";
    way_daily = "E-Mail einmal am Tag", "Mail once a day";
    way_weekly = "E-Mail einmal in der Woche", "Mail once a week";
    way_at_once = "E-Mail sofort", "Mail at once";
    way_feed = "Feed (Atom) mit eigener Adresse", "Feed (Atom) with an address of its own";
    webhooks_hint = "Programme werden mit Webhooks benachrichtigt:", "Programs are told by webhooks:";
    watch_save = "Beobachten", "Watch";
    watch_needs_sign_in = "Um eine Suche zu beobachten, melden Sie sich bitte an. Ihre Suche bleibt erhalten.", "To watch a search, please sign in. Your search is kept.";
    open_feeds = "Ohne Anmeldung: Feeds für alle", "Without signing in: feeds for everybody";
    watch_saved = "Die Suche wird beobachtet", "The search is watched";
    feed_once = "Das ist die Adresse Ihres Feeds. Sie wird nur dieses eine Mal gezeigt; wer sie kennt, kann ihn lesen.", "This is the address of your feed. It is shown this one time only; who knows it can read the feed.";
    watches = "Meine Beobachtungen", "My watches";
    no_watches = "Sie beobachten noch keine Suche. Suchen Sie etwas, und wählen Sie unter den Ergebnissen „Diese Suche beobachten“.", "You watch no search yet. Search for something, and choose “Watch this search” below the results.";
    rests = "ruht", "rests";
    pause = "Anhalten", "Pause";
    resume = "Fortsetzen", "Resume";
    take_away = "Löschen", "Delete";
    really_take_away = "Gelöscht ist gelöscht; anlegen können Sie sie jederzeit neu.", "What is deleted is gone; you can make it anew at any time.";
    awaits_confirmation = "Wartet darauf, dass der Link in der Mail bestätigt wird.", "Waits until the link in the mail is confirmed.";
    next_letter = "Nächste Mail am", "Next mail on";
    more_conditions = "Bedingungen, die über die API gesetzt wurden", "conditions that were set through the API";
    please_check = "Bitte prüfen Sie", "Please check";

    // For developers
    developers_lead = "Alles, was diese Seiten zeigen, steht auch Programmen offen: über GraphQL, ohne Anmeldung, soweit es veröffentlicht ist. Die Seiten selbst fragen nichts anderes.", "Everything that these pages show is open to programs, too: by GraphQL, without signing in as far as it is published. The pages themselves ask nothing else.";
    schema = "Das Schema, jedes Feld mit Beschreibung (englisch)", "The schema, each field with a description";
    first_query = "Die erste Abfrage", "The first query";
    endpoints = "Adressen", "Endpoints";
    endpoint = "Adresse", "Endpoint";
    what_for = "Wofür", "What for";
    over_post = "Abfragen und Änderungen, als JSON", "queries and changes, as JSON";
    over_get = "Abfragen, die in eine Adresse passen", "queries that fit into an address";
    over_websocket = "Abonnements nach graphql-transport-ws", "subscriptions after graphql-transport-ws";
    over_events = "Abonnements als server-sent events, auch mit EventSource im Browser", "subscriptions as server-sent events, also with EventSource in browsers";
    over_feeds = "Neues als Atom", "news as Atom";
    over_export = "alles Veröffentlichte als offene Daten", "all that is published as open data";
    over_solution = "eine Lösung: als Seite für Browser, sonst als JSON", "a solution: as a page for browsers, as JSON otherwise";
    over_files = "Dateien von Dokumenten, holen und hochladen", "files of documents, to fetch and to upload";
    token_title = "Ein Zugangstoken bekommen", "Getting an access token";
    token_text = "Lesen geht ohne. Zum Schreiben, für Webhooks und für Beobachtungen macht ein angemeldetes Konto sich ein Token; wer den Hub betreibt, macht eines mit allmende token create.", "Reading needs none. To write, for webhooks and for watches an account that is signed in makes one; whoever runs the hub makes one with allmende token create.";
    token_sent = "Mitgeschickt wird es so:", "It is sent like this:";
    live_title = "Ein Abonnement, live", "A subscription, live";
    live_text = "Neue Lösungen, sobald die Suche sie findet. Jede Nachricht trägt eine Marke (cursor), mit der man nach einer Unterbrechung ohne Lücke weiterliest.", "New solutions, as soon as the search finds them. Each message carries a cursor with which one reads on after a break without a gap.";
    listen = "Hier zuhören", "Listen here";
    listen_stop = "Aufhören", "Stop";
    listening = "Verbunden; noch ist nichts geschehen.", "Connected; nothing has happened yet.";
    documents_title = "Die Dokumente dieser Seiten", "The documents of these pages";
    documents_text = "So fragen die Seiten, die Beispiele und die Tests. Sie stehen im Verzeichnis schema/operations.", "This is what pages, examples and tests ask. They are in the directory schema/operations.";
    queries = "Abfragen", "Queries";
    mutations = "Änderungen", "Mutations";
    subscriptions = "Abonnements", "Subscriptions";
    fragments = "Bausteine", "Fragments";
    run_title = "Abfragen ausprobieren", "Try queries";
    run = "Ausführen", "Run";
    operation = "Abfrage", "Operation";
    variables = "Variablen (JSON)", "Variables (JSON)";
    answer = "Antwort", "Answer";
    document = "Dokument", "Document";
    unknown_operation = "Eine Abfrage dieses Namens gibt es nicht. Wählen Sie eine aus der Liste.", "There is no operation of this name. Choose one of the list.";
    only_queries = "Hier laufen nur Abfragen. Änderungen und Abonnements brauchen POST oder einen Strom.", "Only queries run here. Changes and subscriptions need POST or a stream.";
    broken_variables = "Die Variablen sind kein Objekt in JSON.", "The variables are no object in JSON.";
    no_graphiql = "GraphiQL ist auf diesem Hub nicht eingerichtet. Wer ihn betreibt, holt es so und startet den Hub neu:", "GraphiQL is not set up on this hub. Whoever runs it fetches it like this and starts the hub again:";
    read_only = "Ohne Anmeldung wird hier nur gelesen. Melden Sie sich an, oder tragen Sie unter „Headers“ ein Token ein.", "Without signing in one only reads here. Sign in, or put a token into “Headers”.";
    needs_script = "GraphiQL braucht JavaScript. Ohne geht es hier:", "GraphiQL needs JavaScript. Without it, go here:";

    // For whoever runs the hub
    for_operators = "An alle, die diesen Hub betreiben:", "To whoever runs this hub:";
    usual_text = "Dies ist der mitgelieferte Text. Ein eigener kommt so hierher:", "This is the text that comes with the program. One of your own gets here like this:";

    // What went wrong
    not_found_title = "Diese Seite gibt es nicht", "There is no such page";
    not_found = "Vielleicht ist die Adresse nicht vollständig, oder der Eintrag wurde zurückgezogen. Suchen Sie danach:", "The address may be incomplete, or the entry was withdrawn. Search for it:";
    not_understood = "Mit dieser Adresse stimmt etwas nicht. Suchen Sie am besten neu:", "Something is wrong with this address. Best search again:";
    refused = "Entweder fehlt Ihnen dafür die Berechtigung, oder die Anfrage kam nicht von einer Seite dieses Hubs. Öffnen Sie die Seite neu, und versuchen Sie es noch einmal.", "Either you may not do this, or the request did not come from a page of this hub. Open the page again and try once more.";
    too_large = "Das war zu viel auf einmal. Gehen Sie im Browser zurück: Was Sie geschrieben haben, steht noch da.", "That was too much at once. Go back in your browser: what you wrote is still there.";
    failed_title = "Das hat nicht geklappt", "That did not work";
    failed_text = "Der Fehler liegt bei uns. Bitte laden Sie die Seite in einer Minute neu.", "The mistake is ours. Please load the page again in a minute.";
}
