namespace Engine.Tests.Verification;

/// <summary>AdamW as a user would write it for one-element parameters without the engine's rules; each mistake is one expression.</summary>
internal sealed class AdamWByHand(IReadOnlyList<Parameter<double>> parameters, RuleMistake? mistake)
{
    private const double Rate = 0.02, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, Decay = 0.1;

    private readonly double[] _m = new double[parameters.Count], _v = new double[parameters.Count];
    private int _t;

    public void Step()
    {
        _t++;
        double count = mistake switch
        {
            RuleMistake.NoBiasCorrection => double.PositiveInfinity,
            RuleMistake.CountOneAhead => _t + 1,
            _ => _t,
        };
        double rate = mistake == RuleMistake.RateTwice ? Rate * Rate : Rate;
        double kept = mistake switch
        {
            RuleMistake.DecayTwice => (1 - rate * Decay) * (1 - rate * Decay),
            RuleMistake.DecayWithoutRate => 1 - Decay,
            RuleMistake.DecayInGradient or RuleMistake.NoDecay => 1,
            _ => 1 - rate * Decay,
        };
        for (int i = 0; i < parameters.Count; i++)
        {
            double x = parameters[i].Value.Item, g = parameters[i].Gradient.Item;
            g = mistake == RuleMistake.Ascends ? -g : mistake == RuleMistake.DecayInGradient ? g + Decay * x : g;
            _m[i] = Beta1 * _m[i] + (1 - Beta1) * g;
            _v[i] = Beta2 * _v[i] + (1 - Beta2) * g * g;
            double m = _m[i] / (1 - Math.Pow(Beta1, count)), v = _v[i] / (1 - Math.Pow(Beta2, count));
            double root = mistake == RuleMistake.EpsilonInsideRoot ? Math.Sqrt(v + Epsilon) : Math.Sqrt(v) + Epsilon;
            parameters[i].SetValue(Tensor<double>.From(kept * x - rate * m / root));
        }
    }
}
