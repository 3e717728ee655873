namespace Engine;

/// <summary>
/// The two weights of an interpolation, each accurate to the last places where it is small: neither is computed as 1 minus the other.
/// </summary>
internal static class ScheduleCurve
{
    /// <summary>(b − a)·from + (1 − (b − a))·to at <paramref name="done"/> of <paramref name="whole"/>, both ends exact.</summary>
    public static double Between(Interpolation interpolation, double done, double whole, double from, double to) =>
        interpolation == Interpolation.Linear
            ? from * ((whole - done) / whole) + to * (done / whole)
            : from * SquaredSine(whole - done, whole) + to * SquaredSine(done, whole);

    /// <summary>sin²(π/2·part/whole) = (1 − cos(π·part/whole))/2, without the cancellation of the difference.</summary>
    public static double SquaredSine(double part, double whole)
    {
        double sine = Scalar<double>.Sin(Math.PI / 2 * (part / whole)).Value;
        return sine * sine;
    }
}
