using System.Globalization;

namespace Engine;

/// <summary>How the formulas of schedules are written.</summary>
internal static class ScheduleText
{
    /// <summary>The shortest text of a number that parses to it.</summary>
    public static string Of(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text with numbers in it.</summary>
    public static string Of(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A schedule as a factor: in parentheses, unless it is a number.</summary>
    public static string Factor(Schedule schedule) => schedule is ConstantSchedule ? schedule.ToString() : $"({schedule})";

    /// <summary>A schedule before "for n updates": in parentheses if it has such words itself.</summary>
    public static string Whole(Schedule schedule) => schedule is JoinedSchedule or LimitedSchedule ? $"({schedule})" : schedule.ToString();

    /// <summary>from·rest + to·part, without what is 0 or a factor of 1.</summary>
    public static string Mix(double from, string rest, double to, string part) =>
        from == 0 && to == 0 ? "0" : from == 0 ? Times(to, part) : to == 0 ? Times(from, rest) : $"{Times(from, rest)} + {Times(to, part)}";

    private static string Times(double number, string factor) => number == 1 ? factor : $"{Of(number)}·{factor}";
}
