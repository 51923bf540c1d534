"""Take away: any view as a workbook, tables, images, a report, a PDF or slides.

from dashboard.takeaway import take_away
take_away("/compare?runs=A,B&base=A&year=2030&week=27", "xlsx", "comparison.xlsx")
"""

from dashboard.takeaway.making import CannotMake, make, take_away

__all__ = ["CannotMake", "make", "take_away"]
