"""HubSpot feedback submissions: API property names, and the localised labels of exports from the screen.

Property names are the vendor's; the screen labels were collected from translated interfaces and may be incomplete.
Repeat answers are separate records. CSAT answers are 0, 1 and 2: `survey_type` tells them apart.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="hubspot",
    title="HubSpot",
    signs=(
        sign("hs_value", "hs_submission_timestamp"),
        sign("hs_value", "hs_survey_type"),
        sign("hs_value", "hs_response_group"),
        sign("Survey response", "Survey type", "Submission date"),
        sign("Rating", "Survey name", "Survey type"),
        sign("Rating", "Response", "Date", "Survey name"),
        sign("Response group", "Survey name"),
        sign("Betyg", "Svar", "Datum", "Undersökningsnamn"),
        sign("Betyg", "Svar", "Datum", "Undersökning"),
        sign("Vurdering", "Svar", "Dato", "Undersøkelse"),
        sign("Vurdering", "Svar", "Dato", "Undersøgelse"),
        sign("Bedømmelse", "Svar", "Dato", "Undersøgelse"),
        sign("Beoordeling", "Reactie", "Datum", "Enquêtenaam"),
        sign("Beoordeling", "Antwoord", "Datum", "Enquête"),
    ),
    columns={
        "response_id": ("hs_object_id", "Record ID", "Post-ID", "Oppførings-ID", "Record-id"),
        "respondent_id": ("hs_contact_id", "Associated Contact IDs", "Contact ID", "Kontakt-ID", "Contact-id"),
        "account_id": ("Associated Company IDs", "Company ID", "Företags-ID", "Bedrifts-ID", "Virksomheds-ID"),
        "score": ("hs_value", "Survey response", "Rating", "Score", "Betyg", "Vurdering", "Bedømmelse", "Beoordeling"),
        "score_label": ("hs_response_group", "Response group", "Svarsgrupp", "Svargruppe", "Reactiegroep"),
        "comment": (
            "hs_content", "Content", "Follow-up response", "Response", "Feedback", "Svar", "Respons", "Antwoord",
            "Reactie", "Kommentar",
        ),
        "responded_at": (
            "hs_submission_timestamp", "Submission date", "Response date", "Date", "Datum", "Dato", "hs_createdate",
        ),
        "survey_type": ("hs_survey_type", "Survey type", "Undersökningstyp", "Undersøkelsestype", "Enquêtetype"),
        "channel": ("hs_survey_channel", "Survey channel", "Channel", "Kanal", "Kanaal"),
        "survey": (
            "hs_survey_name", "Survey name", "Undersökningsnamn", "Undersökning", "Undersøkelse", "Undersøgelse",
            "Enquêtenaam", "Enquête",
        ),
        "email": ("hs_submission_name", "Submission name", "Contact", "Email", "E-post", "E-mail", "Kontakt"),
    },
)  # fmt: skip
