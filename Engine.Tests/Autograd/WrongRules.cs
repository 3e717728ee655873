namespace Engine.Tests;

/// <summary>Operations whose way back is wrong in one way each: what a gradient check is for.</summary>
internal static class WrongRules
{
    /// <summary>x² with the slope 2.001x.</summary>
    public static Tensor<double> WrongFactor(Tensor<double> x) => Record(new Rule("WrongFactor", static (node, flow) => Contribute(flow, node.A, (i, g) => g * 2.001 * node.A.Span[i])), x, Values(x, static v => v * v));

    /// <summary>x² whose slope is NaN in one place.</summary>
    public static Tensor<double> NaNInOnePlace(Tensor<double> x) =>
        Record(new Rule("NaNInOnePlace", static (node, flow) => Contribute(flow, node.A, (i, g) => i == 1 ? double.NaN : g * 2 * node.A.Span[i])), x, Values(x, static v => v * v));

    /// <summary>x² that contributes nothing.</summary>
    public static Tensor<double> NoContribution(Tensor<double> x) => Record(new Rule("NoContribution", static (_, _) => { }), x, Values(x, static v => v * v));

    /// <summary>x² that does not multiply with the output's gradient.</summary>
    public static Tensor<double> WithoutOutputGradient(Tensor<double> x) =>
        Record(new Rule("WithoutOutputGradient", static (node, flow) => Contribute(flow, node.A, (i, _) => 2 * node.A.Span[i])), x, Values(x, static v => v * v));

    /// <summary>x² whose slope is another one at every second walk.</summary>
    public static Tensor<double> Undetermined(Tensor<double> x, Func<int> walk) =>
        Record(new Rule("Undetermined", (node, flow) => Contribute(flow, node.A, (i, g) => g * (2 + 1e-9 * (walk() % 2)) * node.A.Span[i])), x, Values(x, static v => v * v));

    /// <summary>a + b with b of shape [n] and a of shape [m, n], that gives b the gradient of the first row alone.</summary>
    public static Tensor<double> ForgottenSum(Tensor<double> a, Tensor<double> b)
    {
        Tensor<double> sum = Tape<double>.New(a.Shape);
        for (int i = 0; i < sum.Length; i++)
        {
            sum.Output[i] = a.Span[i] + b.Span[i % b.Length];
        }
        Tape<double>.Add(new Node<double> { Op = new Rule("ForgottenSum", Back), A = a, B = b }, sum);
        return sum;

        static void Back(Node<double> node, Flow<double> flow)
        {
            Contribute(flow, node.A, static (_, g) => g);
            Contribute(flow, node.B, static (_, g) => g);
        }
    }

    private static Tensor<double> Record(Rule rule, Tensor<double> x, Tensor<double> y)
    {
        Tape<double>.Add(new Node<double> { Op = rule, A = x }, y);
        return y;
    }

    private static Tensor<double> Values(Tensor<double> x, Func<double, double> f)
    {
        Tensor<double> y = Tape<double>.New(x.Shape);
        for (int i = 0; i < x.Length; i++)
        {
            y.Output[i] = f(x.Span[i]);
        }
        return y;
    }

    private static void Contribute(in Flow<double> flow, in Tensor<double> input, Func<int, double, double> element)
    {
        if (flow.Wants(input))
        {
            Tensor<double> d = flow.Begin(input);
            for (int i = 0; i < d.Length; i++)
            {
                d.Output[i] = element(i, flow.Gradient.Span[i]);
            }
            flow.End(input, d);
        }
    }

    private delegate void Walk(Node<double> node, Flow<double> flow);

    private sealed class Rule(string name, Walk walk) : Op<double>
    {
        public override string Name => name;

        protected internal override void Backward(in Node<double> node, in Flow<double> flow) => walk(node, flow);
    }
}
