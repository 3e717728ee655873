using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Engine.Tests.Optimizers;

public sealed class LbfgsTests
{
    [Test]
    public void Explore()
    {
        foreach (TestFunction f in TestFunction.All)
        {
            foreach (string peer in new[] { "BFGS", "L-BFGS" })
            {
                int calls = 0;
                double[] g = new double[f.Start.Length];
                IObjectiveFunction objective = ObjectiveFunction.Gradient(x => { calls++; double v = f.Value(x.ToArray(), g); return (v, Vector<double>.Build.Dense((double[])g.Clone())); });
                MinimizationResult? r = null;
                string error = "";
                try
                {
                    r = peer == "BFGS" ? new BfgsMinimizer(1e-6, 1e-10, 1e-10, 1000).FindMinimum(objective, Vector<double>.Build.Dense((double[])f.Start.Clone())) : new LimitedMemoryBfgsMinimizer(1e-6, 1e-10, 1e-10, 10, 1000).FindMinimum(objective, Vector<double>.Build.Dense((double[])f.Start.Clone()));
                }
                catch (Exception e)
                {
                    error = e.GetType().Name + e.Message;
                }
                TestContext.Out.WriteLine($"{f.Name} {peer}: calls {calls}, value {r?.FunctionInfoAtMinimum.Value}, gradient {r?.FunctionInfoAtMinimum.Gradient.InfinityNorm()}, {r?.ReasonForExit} {error}");
            }
            Parameter<double> p = new("p", Tensor<double>.From(f.Start));
            Lbfgs<double> optimizer = new([p]) { LineSearch = LineSearch.StrongWolfe, MaximumIterations = 1000, GradientTolerance = 1e-6, ChangeTolerance = 1e-12 };
            double[] gradient = new double[f.Start.Length];
            double closure()
            {
                double v = f.Value(p.Value.ToArray(), gradient);
                p.SetGradient(Tensor<double>.From(gradient));
                return v;
            }
            optimizer.Step(closure);
            double final = closure();
            TestContext.Out.WriteLine($"{f.Name} ours: calls {optimizer.Evaluations}, iterations {optimizer.Iterations}, value {final}, gradient {gradient.Max(Math.Abs)}");
        }
    }
}
