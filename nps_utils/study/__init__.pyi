from nps_utils.study.study import NotInStudy as NotInStudy
from nps_utils.study.study import Study as Study
