"""A small language of relations between figures, such as ``L52 * H07 <= L51``."""

import ast
import math
import operator

from .numbers import Quantity, compare, previous_level

_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_RELATIONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=="}
_CONSTANTS = {"day": Quantity.exact(1, (("day", 1),))}


def evaluate(expression, figures):
    """Evaluate a relation or an arithmetic expression over figures.

    Parameters
    ----------
    expression : str
        Figure ids, whole numbers, ``day``, ``+ - * /``, one of ``< <= > >= ==``,
        ``before(L, G)`` (the level L before the growth G), ``whole(x)`` (does x hold a whole number?)
        and ``ID.column`` (the text of a cell, or
        ``ID.decimals``, the digits printed after the point), which compares with ``==`` only.
    figures : mapping of str to Figure
        With ``quantity``, ``decimals`` and ``row``.

    Returns
    -------
    Quantity or {"holds", "fails", "within_rounding"}
        A quantity for arithmetic, a verdict for a relation.

    Raises
    ------
    KeyError
        If a figure does not exist.
    ValueError
        If the expression is not of this small language.
    """
    if len(expression) > 500:
        raise ValueError(f"an expression of {len(expression)} characters, at most 500")

    def number(node):
        result = visit(node)
        if not isinstance(result, Quantity):
            raise ValueError(f"'{expression}' computes with a verdict")
        return result

    def visit(node):
        match node:
            case ast.Name(id=name):
                return _CONSTANTS[name] if name in _CONSTANTS else figures[name].quantity
            case ast.Constant(value=int(value)) if not isinstance(value, bool):
                return Quantity.exact(value)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return _ARITHMETIC[type(op)](number(left), number(right))
            case ast.Compare(left=ast.Attribute(ast.Name(id=name), column), ops=[ast.Eq()], comparators=[ast.Constant(value=text)]):
                found = figures[name].decimals if column == "decimals" else figures[name].row[column]
                if type(found) is not type(text):
                    raise ValueError(f"'{expression}' compares {found!r} with {text!r}")
                return "holds" if found == text else "fails"
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _RELATIONS:
                return compare(number(left), _RELATIONS[type(op)], number(right))
            case ast.Call(func=ast.Name(id="before"), args=[ast.Name() as level, ast.Name(id=growth)], keywords=[]):
                return previous_level(number(level), figures[growth].quantity, figures[growth].row["price_basis"])
            case ast.Call(func=ast.Name(id="whole"), args=[argument], keywords=[]):
                return "holds" if _holds_whole_number(number(argument).interval) else "fails"
        known = "figure ids, whole numbers, + - * /, one of < <= > >= ==, before(L, G), whole(x), ID.column == 'text'"
        raise ValueError(f"'{expression}' is not of the language of relations, which has {known}")

    try:
        return visit(ast.parse(expression, mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"'{expression}' cannot be read as an expression") from error


def _holds_whole_number(interval):
    if not interval.bounded:
        return True
    first = math.floor(interval.low) + 1 if interval.low_open else math.ceil(interval.low)
    return first < interval.high or (first == interval.high and not interval.high_open)
