"""PostHog surveys: one event per answer, with `$survey_id` and `$survey_response` among its properties.

Read from the code of PostHog: the table of responses (`*`, the questions, `timestamp`, `person`), the query that its
helper writes (`distinct_id`, the questions, `timestamp`), and the events themselves. A survey shown or dismissed is an
event without an answer. Times are in UTC. Which property is the recommend question only the survey knows, unless the
columns bear the questions.
"""

from nps_utils.exports.tools.tool import Tool, sign

TOOL = Tool(
    name="posthog",
    title="PostHog",
    signs=(
        sign("properties.$survey_id"),
        sign("properties.$survey_id", "distinct_id", "timestamp"),
        sign("*.properties.$survey_name", "*.uuid"),
        sign("*.event", "*.distinct_id", "*.uuid"),
        sign("distinct_id", "timestamp"),
        sign("distinct_id", "timestamp", "event"),
        sign("$survey_id", "distinct_id"),
    ),
    columns={
        "response_id": ("properties.$survey_submission_id", "*.uuid", "uuid"),
        "respondent_id": ("distinct_id", "*.distinct_id", "person.distinct_id"),
        "responded_at": ("timestamp", "*.timestamp"),
        "survey": ("properties.$survey_name", "$survey_name"),
        "finished": ("properties.$survey_completed", "$survey_completed"),
        "email": ("person.properties.email", "properties.$set.email", "email"),
    },
    zone="UTC",
)
