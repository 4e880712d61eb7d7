import numpy
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.tsa.arima.model import ARIMA


def use():
    duncan = sm.datasets.longley.load_pandas().data
    model = smf.ols("TOTEMP ~ GNP + UNEMP", data=duncan).fit()
    series = numpy.sin(numpy.arange(60) / 3) + numpy.arange(60) / 10
    return [
        model.params.round(3).to_dict(),
        ARIMA(series, order=(1, 1, 0)).fit().params.round(2).tolist(),
        "R-squared" in model.summary().as_text(),
        sm.nonparametric.lowess(series, numpy.arange(60.0)).round(2)[3].tolist(),
    ]
