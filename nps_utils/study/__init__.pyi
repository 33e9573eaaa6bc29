from nps_utils.study.study import NotInStudy as NotInStudy
from nps_utils.study.study import Study as Study
from nps_utils.study.study import content_hash as content_hash
